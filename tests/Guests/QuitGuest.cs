using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Says <c>up</c> and ends, at once or after a while: a machine to start and stop often.</summary>
public static class QuitGuest
{
    private const int ResetPort = 0xCF9;
    private const int ResetValue = 0x06;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="kind">How it ends.</param>
    /// <param name="milliseconds">After which time.</param>
    public static byte[] Build(QuitKind kind, int milliseconds = 0) => LongModeKernel.Build(code =>
    {
        Assembler c = code.Assembler;
        code.Print("up\r\n");
        code.Delay(milliseconds);
        switch (kind)
        {
            case QuitKind.Reset:
                c.mov(edx, ResetPort);
                c.mov(eax, ResetValue);
                c.@out(dx, al);
                break;
            case QuitKind.TripleFault:
                c.lidt(__[code.Variable(16)]);
                c.ud2();
                break;
            default:
                code.PowerOff();
                break;
        }
    });
}
