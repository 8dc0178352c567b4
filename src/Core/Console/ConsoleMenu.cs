using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;
using Ember.Platform.Console;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <summary>The menu behind Ctrl-]: lists the virtual machines and gives them orders, a byte of input at a time.</summary>
internal struct ConsoleMenu
{
    /// <summary>Ctrl-]: opens the menu, and in it is for the guest.</summary>
    public const byte Key = 0x1D;

    private const byte Escape = 0x1B;

    /// <summary>An arrow's sequence comes at once: an escape that nothing has ended for so long is the key.</summary>
    private const ulong NanosecondsOfEscape = 100_000_000;

    private const int NameColumn = 4;
    private const int StateColumn = 21;
    private const int ProcessorsColumn = 33;
    private const int MemoryColumn = 40;
    private const int UseColumn = 51;
    private const int TimeColumn = 58;

    private EscapeSequence _sequence;
    private ulong _escapedAt;
    private int _number;
    private ulong _listedAt;
    private UseTable _listedUse;

    /// <summary>Whether what is typed belongs to the menu.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The selected virtual machine, from zero.</summary>
    public int Selected { get; private set; }

    /// <summary>Opens the menu with the list of virtual machines.</summary>
    /// <param name="directory">The virtual machines.</param>
    /// <param name="attached">The one to select, or less than zero for the one selected last.</param>
    /// <param name="now">Nanoseconds of a clock that does not run backwards.</param>
    public void Open<TDirectory>(ref TDirectory directory, int attached, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        IsOpen = true;
        Selected = attached < 0 ? Selected : attached;
        _sequence = default;
        _number = 0;
        List(ref directory, now);
    }

    /// <summary>Lets time pass, which tells an escape from the beginning of an arrow.</summary>
    public MenuOutcome Advance(ulong now) =>
        _sequence.IsOpen && now - _escapedAt >= NanosecondsOfEscape ? Close(MenuOutcome.Close) : MenuOutcome.None;

    /// <summary>Takes a byte that was typed.</summary>
    public MenuOutcome Take<TDirectory>(ref TDirectory directory, byte value, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        if (_sequence.Take(value, out byte final))
        {
            _escapedAt = value == Escape ? now : _escapedAt;
            Move(ref directory, final);
            return MenuOutcome.None;
        }

        if (value is >= (byte)'0' and <= (byte)'9')
        {
            TakeDigit(ref directory, value - '0');
            return MenuOutcome.None;
        }

        _number = 0;
        switch (value)
        {
            case Key:
                return Close(MenuOutcome.SendKey);
            case (byte)'q':
                return Close(MenuOutcome.Close);
            case (byte)'d':
                return Close(MenuOutcome.Detach);
            case (byte)'a' or (byte)'\r' when Selected < directory.Count:
                return Close(MenuOutcome.Attach);
            case (byte)'l':
                List(ref directory, now);
                break;
            case (byte)'r' or (byte)'p' or (byte)'o' or (byte)'s' when Selected < directory.Count:
                Order(ref directory, Selected, value);
                break;
        }

        return MenuOutcome.None;
    }

    private static void Order<TDirectory>(ref TDirectory directory, int machine, byte key)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        LineBuffer line = default;
        line.Append(directory.Describe(machine).Name);
        bool done;
        switch (key)
        {
            case (byte)'r':
                line.Append(": reset"u8);
                done = directory.TryReset(machine);
                break;
            case (byte)'p':
                line.Append(": power button"u8);
                done = directory.TryPowerButton(machine);
                break;
            case (byte)'o':
                line.Append(": power off"u8);
                done = directory.TryPowerOff(machine);
                break;
            default:
                line.Append(": start"u8);
                done = directory.TryStart(machine);
                break;
        }

        if (!done)
        {
            line.Append(": not possible now"u8);
        }

        SystemConsole.WriteMenuLine(line.Text);
    }

    private MenuOutcome Close(MenuOutcome outcome)
    {
        IsOpen = false;
        _sequence = default;
        SystemConsole.WriteMenuLine("closed"u8);
        return outcome;
    }

    /// <summary>Selects by number: digits that follow each other make one while there is such a machine.</summary>
    private void TakeDigit<TDirectory>(ref TDirectory directory, int digit)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        int count = directory.Count;
        int longer = (_number * 10) + digit;
        _number = longer <= count ? longer : digit <= count ? digit : 0;
        if (_number != 0)
        {
            Select(ref directory, _number - 1);
        }
    }

    private void Move<TDirectory>(ref TDirectory directory, byte final)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        if (final == 'A' && Selected > 0)
        {
            Select(ref directory, Selected - 1);
        }
        else if (final == 'B' && Selected + 1 < directory.Count)
        {
            Select(ref directory, Selected + 1);
        }
    }

    private void Select<TDirectory>(ref TDirectory directory, int machine)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        Selected = machine;
        MachineSummary summary = directory.Describe(machine);
        LineBuffer line = default;
        WriteStart(ref line, in summary, machine);
        SystemConsole.WriteMenuLine(line.Text);
    }

    [LoopBound(SystemConsole.MaximumGuests, "virtual machines")]
    private void List<TDirectory>(ref TDirectory directory, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        LineBuffer line = default;
        line.Append("  # name"u8);
        line.PadTo(StateColumn);
        line.Append("state"u8);
        line.PadTo(ProcessorsColumn);
        line.Append("vCPUs"u8);
        line.PadTo(MemoryColumn);
        line.Append("memory"u8);
        line.PadTo(UseColumn);
        line.Append("CPU %"u8);
        line.PadTo(TimeColumn);
        line.Append("CPU time"u8);
        SystemConsole.WriteMenuLine(line.Text);
        ulong microseconds = (now - _listedAt) / 1000;
        _listedAt = now;
        for (int i = 0; i < SystemConsole.MaximumGuests && i < directory.Count; i++)
        {
            MachineSummary summary = directory.Describe(i);
            line.Clear();
            WriteStart(ref line, in summary, i);
            WriteRest(ref line, in summary, summary.ProcessorNanoseconds - _listedUse[i], microseconds);
            _listedUse[i] = summary.ProcessorNanoseconds;
            SystemConsole.WriteMenuLine(line.Text);
        }

        SystemConsole.WriteMenuLine("number, arrows: select  a attach  d detach  r reset  p power button  o power off"u8);
        SystemConsole.WriteMenuLine("s start  l list again  q, Esc: close  Ctrl-]: to the guest"u8);
    }

    /// <summary>Number, name and state; a star marks the selected machine.</summary>
    private readonly void WriteStart(ref LineBuffer line, scoped in MachineSummary summary, int machine)
    {
        line.Append(machine == Selected ? (byte)'*' : (byte)' ');
        if (machine + 1 < 10)
        {
            line.Append((byte)' ');
        }

        line.AppendDecimal((uint)machine + 1);
        line.PadTo(NameColumn);
        line.Append(summary.Name);
        line.PadTo(StateColumn);
        line.Append(MachineStateText.Of(summary.State));
    }

    private static void WriteRest(ref LineBuffer line, scoped in MachineSummary summary, ulong used, ulong microseconds)
    {
        line.PadTo(ProcessorsColumn);
        line.AppendDecimal((uint)summary.ProcessorCount);
        line.PadTo(MemoryColumn);
        line.AppendSize(summary.MemoryBytes);
        line.PadTo(UseColumn);

        // Nanoseconds a microsecond are thousandths.
        ulong thousandths = microseconds == 0 ? 0 : used / microseconds;
        line.AppendDecimal(thousandths / 10);
        line.Append((byte)'.');
        line.AppendDecimal(thousandths % 10);
        line.PadTo(TimeColumn);
        line.AppendSeconds(summary.ProcessorNanoseconds);
        line.Append(" s"u8);
    }

    [InlineArray(SystemConsole.MaximumGuests)]
    private struct UseTable
    {
        private ulong _first;
    }
}
