using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Loads an empty interrupt descriptor table and raises #UD, which the processor can only answer with a triple fault.</summary>
public static class TripleFaultGuest
{
    /// <summary>The kernel.</summary>
    public static byte[] Build() => GuestKernel.Build(c =>
    {
        Label empty = c.CreateLabel();
        c.lidt(__[empty]);
        c.ud2();
        c.Label(ref empty);
        c.dq(0, 0);
    });
}
