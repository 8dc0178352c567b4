namespace Ember.Core.Virtualization.Decoding;

/// <summary>
/// How a guest's code is decoded: the default operand and address size its code segment sets (AMD APM volume 1, 2.2.2;
/// CS.D and CS.L). Real and virtual-8086 mode are 16-bit.
/// </summary>
public enum OperatingMode : byte
{
    Bits16,
    Bits32,
    Bits64,
}
