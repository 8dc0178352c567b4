using System.Numerics;
using System.Threading;
using Ember.Platform.Auditing;

namespace Ember.Core.Devices;

/// <content>The way of interrupts between the I/O APIC, the 8259 pair and the local APICs. All of it happens under the lock.</content>
public partial struct Chipset
{
    /// <summary>Delivers what the I/O APIC has, and connects the 8259 to LINT0.</summary>
    [LoopBound(Devices.IoApic.Pins, "pins, one bit each")]
    private void Route(int processor)
    {
        for (uint pins = _ioApic.Deliverable; pins != 0; pins &= pins - 1)
        {
            int pin = BitOperations.TrailingZeroCount(pins);
            InterruptMessage message = _ioApic.MessageOf(pin);
            bool accepted = Deliver(processor, in message, NoProcessor);

            // An edge that nobody takes is gone; a level stays and is offered again.
            if (accepted || !message.Level)
            {
                _ioApic.Accepted(pin);
            }
        }

        bool external = _pic.Output;
        if (processor == BootProcessor)
        {
            _processors[BootProcessor].Apic.SetExternal(external);
        }
        else if (external != _externalLine)
        {
            Post(BootProcessor, InboxSignals.Lines);
        }

        _externalLine = external;
    }

    /// <summary>Sends an interrupt command, whose sender has had its own share, unless it resets or starts itself.</summary>
    private void Send(int processor, in InterruptMessage message) => Deliver(
        processor, in message, message.Mode is DeliveryMode.Init or DeliveryMode.StartUp && message.Destination != uint.MaxValue
            ? NoProcessor
            : processor);

    /// <summary>Gives a message to all it is for, or to one of them if it is of lowest priority.</summary>
    /// <param name="processor">Who is doing this.</param>
    /// <param name="message">The message.</param>
    /// <param name="except">Who does not get it, or <see cref="NoProcessor"/>.</param>
    /// <returns>Whether someone took it.</returns>
    [LoopBound(MaximumProcessors, "processors")]
    private bool Deliver(int processor, in InterruptMessage message, int except)
    {
        bool taken = false;
        bool toOne = message.Mode == DeliveryMode.LowestPriority;
        for (int i = 1; i <= _processorCount; i++)
        {
            int target = toOne ? (_lastTaker + i) % _processorCount : i - 1;
            if (target == except || !_processors[target].Apic.Matches(message.Destination, message.Logical)
                || !Give(processor, target, in message))
            {
                continue;
            }

            taken = true;
            if (toOne)
            {
                _lastTaker = target;
                break;
            }
        }

        return taken;
    }

    private bool Give(int processor, int target, in InterruptMessage message)
    {
        ref ProcessorDevices devices = ref _processors[target];
        if (target == processor && message.Mode is not (DeliveryMode.Init or DeliveryMode.StartUp))
        {
            return devices.Apic.Accept(message);
        }

        if (!devices.Apic.CanAccept(message))
        {
            return false;
        }

        devices.Inbox.Post(in message);
        Interlocked.Or(ref _wakeups, 1ul << target);
        return true;
    }

    private void Post(int target, InboxSignals signal)
    {
        _processors[target].Inbox.Post(signal);
        Interlocked.Or(ref _wakeups, 1ul << target);
    }
}
