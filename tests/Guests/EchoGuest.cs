using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Says that it is ready, then the number of every byte that comes in on COM1, in brackets; at an <c>x</c> it powers off.</summary>
public static class EchoGuest
{
    private const int Com1 = 0x3F8;
    private const int LineStatus = Com1 + 5;
    private const int DataReady = 1;

    /// <summary>The kernel.</summary>
    public static byte[] Build() => GuestKernel.Build(c =>
    {
        Label wait = c.CreateLabel();
        GuestCode.Print(c, "ready\r\n");
        c.Label(ref wait);
        c.pause();
        c.mov(edx, LineStatus);
        c.@in(al, dx);
        c.test(al, DataReady);
        c.je(wait);
        c.mov(edx, Com1);
        c.@in(al, dx);
        c.movzx(ebx, al);
        GuestCode.Print(c, "[");
        c.mov(eax, ebx);
        GuestCode.PrintDecimal(c);
        GuestCode.Print(c, "]");
        c.cmp(ebx, 'x');
        c.jne(wait);
        GuestCode.Print(c, "\r\n");
        GuestCode.PowerOff(c);
    });
}
