using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>What one processor of a <see cref="FuzzGuest"/> does: it prepares itself, and takes steps for good.</summary>
internal sealed class FuzzProcessor
{
    /// <summary>The steps of one processor are not those of another.</summary>
    private const int ProcessorShift = 40;

    private readonly LongModeCode _code;
    private readonly FuzzMemory _memory;
    private readonly FuzzCode _fuzz;
    private readonly FuzzTables _tables;
    private readonly FuzzDevices _devices;
    private readonly FuzzInstructions _instructions;
    private readonly FuzzLegacy? _legacy;
    private readonly long _firstStep;
    private readonly int _seed;
    private readonly int _ready;
    private readonly int _step;
    private readonly int _stack;
    private readonly Label _next;

    /// <param name="code">The kernel's code.</param>
    /// <param name="number">Which it is. The first counts aloud, visits the legacy modes, starts the others over and ends the
    /// machine.</param>
    /// <param name="options">What it does.</param>
    /// <param name="seed">Where the seed is.</param>
    /// <param name="ready">Where it is said that the second takes steps.</param>
    public FuzzProcessor(LongModeCode code, int number, FuzzOptions options, int seed, int ready)
    {
        _code = code;
        _memory = new FuzzMemory(number);
        _fuzz = new FuzzCode(code, _memory);
        _tables = new FuzzTables(code, _memory);
        _devices = new FuzzDevices(_fuzz, options, ready);
        _instructions = new FuzzInstructions(_fuzz, options);
        _legacy = number == 0 ? new FuzzLegacy(code, _fuzz, _tables, _instructions) : null;
        _seed = seed;
        _ready = ready;
        _firstStep = options.FirstStep;
        _step = code.Variable();
        _stack = code.Variable();
        _next = code.Assembler.CreateLabel();
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>Emits everything.</summary>
    public void Emit()
    {
        Assembler c = Assembler;
        Label quiet = c.CreateLabel();
        c.mov(rax, _firstStep + ((long)_memory.Number << ProcessorShift));
        c.mov(__qword_ptr[_step], rax);
        c.mov(__qword_ptr[_stack], rsp);
        _tables.EmitDescriptors();
        _fuzz.SystemCall = _code.Routine(() => EmitHandler(isInterrupt: false));
        _tables.EmitGates(_fuzz.SystemCall, _code.Routine(() => EmitHandler(isInterrupt: true)));
        _tables.EmitPages();
        _fuzz.EmitStart();
        if (_legacy is not null)
        {
            _legacy.EmitStart(_next);
        }
        else
        {
            c.mov(__qword_ptr[_ready], 1);
        }

        _code.Mark(_next);
        c.mov(rsp, __qword_ptr[_stack]);
        _fuzz.EmitRestore();
        c.inc(__qword_ptr[_step]);
        c.test(__dword_ptr[_step], FuzzGuest.StepsPerLine - 1);
        c.jne(quiet);
        if (_legacy is not null)
        {
            EmitLine();
        }

        _code.Mark(quiet);
        _fuzz.Seed(_seed, _step);
        EmitStep();
        c.jmp(_next);
    }

    private void EmitLine()
    {
        _devices.ResetUart();
        Assembler.mov(rax, __qword_ptr[_step]);
        _code.PrintLine(FuzzGuest.Progress);
    }

    private void EmitStep()
    {
        if (_legacy is null)
        {
            _fuzz.Seldom(32, _fuzz.QuietDevices);
            _fuzz.OneOf([_instructions.EmitUser, _instructions.EmitKernel, _instructions.EmitPrivileged, .. _devices.Steps]);
            return;
        }

        _fuzz.Seldom(32, _fuzz.QuietDevices);
        _fuzz.Seldom(FuzzGuest.StepsPerEnd, _devices.EmitEnd);
        _fuzz.OneOf(
            [
                _instructions.EmitUser, _instructions.EmitUser, _instructions.EmitKernel, _instructions.EmitKernel,
                _instructions.EmitPrivileged, _legacy.EmitVisit, .. _devices.Steps,
            ]);
    }

    /// <summary>Whatever happened, the next step follows; by IRET, so that an NMI may come again.</summary>
    private void EmitHandler(bool isInterrupt)
    {
        Assembler c = Assembler;
        c.mov(eax, LongModeKernel.TablesBegin);
        c.mov(cr3, rax);
        if (isInterrupt)
        {
            _fuzz.EndInterrupt();
        }

        c.mov(rax, __qword_ptr[_stack]);
        c.push(FuzzTables.KernelData);
        c.push(rax);
        c.push(2);
        c.push(FuzzTables.KernelCode);
        c.lea(rax, __[_next]);
        c.push(rax);
        c.iretq();
    }
}
