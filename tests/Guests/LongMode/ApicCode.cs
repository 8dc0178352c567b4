using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.LongMode;

/// <summary>The local APIC in a kernel's code: by its page until <see cref="SwitchToX2Apic"/>, by its MSRs then.</summary>
public sealed class ApicCode
{
    /// <summary>Interrupt command: an INIT.</summary>
    public const int Init = 0x4500;

    /// <summary>Interrupt command: a start-up, with the page in its lowest byte.</summary>
    public const int Startup = 0x4600;

    /// <summary>Interrupt command: an NMI.</summary>
    public const int NonMaskable = 0x4400;

    /// <summary>Interrupt command: a fixed interrupt, with the vector in its lowest byte.</summary>
    public const int Fixed = 0x4000;

    /// <summary>Interrupt command: to all but the sender.</summary>
    public const int AllButSelf = 0xC_0000;

    private const uint Page = 0xFEE0_0000;
    private const int Identifier = 0x20;
    private const int EndOfInterrupt = 0xB0;
    private const int Spurious = 0xF0;
    private const int CommandLow = 0x300;
    private const int CommandHigh = 0x310;
    private const int TimerEntry = 0x320;
    private const int TimerInitial = 0x380;
    private const int TimerCurrent = 0x390;
    private const int TimerDivide = 0x3E0;
    private const int BaseRegister = 0x1B;
    private const int DeliveryPending = 1 << 12;

    private readonly LongModeCode _code;
    private readonly int _isX2Apic;
    private readonly Label _identifier;
    private readonly Label _send;
    private readonly Label _end;

    internal ApicCode(LongModeCode code)
    {
        _code = code;
        _isX2Apic = code.Variable();
        _identifier = code.Routine(EmitIdentifier);
        _send = code.Routine(EmitSend);
        _end = code.Routine(EmitEnd);
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>EAX becomes this processor's identifier; changes RCX, RDX and RSI.</summary>
    public void ReadIdentifier() => Assembler.call(_identifier);

    /// <summary>Sends the command in EAX to the processor in EDI; changes RAX, RCX, RDX, RSI and RDI.</summary>
    public void Send() => Assembler.call(_send);

    /// <summary>Sends a command to the processor in EDI; changes RAX, RCX, RDX, RSI and RDI.</summary>
    public void Send(int command)
    {
        Assembler.mov(eax, command);
        Send();
    }

    /// <summary>Ends an interrupt; changes RAX, RCX, RDX and RSI.</summary>
    public void End() => Assembler.call(_end);

    /// <summary>Switches this processor to x2APIC mode; changes RAX, RCX and RDX.</summary>
    public void SwitchToX2Apic()
    {
        Assembler c = Assembler;
        c.mov(ecx, BaseRegister);
        c.rdmsr();
        c.or(eax, 1 << 10);
        c.wrmsr();
    }

    /// <summary>Has every processor use the MSRs, when all have switched.</summary>
    public void UseX2Apic() => Assembler.mov(__dword_ptr[_isX2Apic], 1);

    /// <summary>The timer counts its own clock down once and raises a vector; in xAPIC mode. Changes RSI.</summary>
    public void StartTimer(int vector)
    {
        Assembler c = Assembler;
        c.mov(esi, Page);
        c.mov(__dword_ptr[rsi + TimerDivide], 0b1011);
        c.mov(__dword_ptr[rsi + TimerEntry], vector);
    }

    /// <summary>The timer counts down from EAX; in xAPIC mode. Changes RSI.</summary>
    public void ArmTimer()
    {
        Assembler.mov(esi, Page);
        Assembler.mov(__dword_ptr[rsi + TimerInitial], eax);
    }

    /// <summary>EAX becomes what the timer has left; in xAPIC mode. Changes RSI.</summary>
    public void ReadTimer()
    {
        Assembler.mov(esi, Page);
        Assembler.mov(eax, __dword_ptr[rsi + TimerCurrent]);
    }

    internal void EmitEnable()
    {
        const int enabledWithLastVector = 0x1FF;
        Assembler.mov(esi, Page);
        Assembler.mov(__dword_ptr[rsi + Spurious], enabledWithLastVector);
    }

    internal void EmitIdentifier()
    {
        Assembler c = Assembler;
        Label x2Apic = c.CreateLabel();
        Label done = c.CreateLabel();
        c.cmp(__dword_ptr[_isX2Apic], 0);
        c.jne(x2Apic);
        c.mov(esi, Page);
        c.mov(eax, __dword_ptr[rsi + Identifier]);
        c.shr(eax, 24);
        c.jmp(done);
        _code.Mark(x2Apic);
        c.mov(ecx, Register(Identifier));
        c.rdmsr();
        _code.Mark(done);
    }

    private static int Register(int offset) => 0x800 + (offset >> 4);

    private void EmitSend()
    {
        Assembler c = Assembler;
        Label x2Apic = c.CreateLabel();
        Label busy = c.CreateLabel();
        Label done = c.CreateLabel();
        c.cmp(__dword_ptr[_isX2Apic], 0);
        c.jne(x2Apic);
        c.mov(esi, Page);
        _code.Mark(busy);
        c.mov(edx, __dword_ptr[rsi + CommandLow]);
        c.test(edx, DeliveryPending);
        c.jne(busy);
        c.shl(edi, 24);
        c.mov(__dword_ptr[rsi + CommandHigh], edi);
        c.mov(__dword_ptr[rsi + CommandLow], eax);
        c.jmp(done);
        _code.Mark(x2Apic);
        c.mov(edx, edi);
        c.mov(ecx, Register(CommandLow));
        c.wrmsr();
        _code.Mark(done);
    }

    private void EmitEnd()
    {
        Assembler c = Assembler;
        Label x2Apic = c.CreateLabel();
        Label done = c.CreateLabel();
        c.cmp(__dword_ptr[_isX2Apic], 0);
        c.jne(x2Apic);
        c.mov(esi, Page);
        c.mov(__dword_ptr[rsi + EndOfInterrupt], 0);
        c.jmp(done);
        _code.Mark(x2Apic);
        c.mov(ecx, Register(EndOfInterrupt));
        c.xor(eax, eax);
        c.xor(edx, edx);
        c.wrmsr();
        _code.Mark(done);
    }
}
