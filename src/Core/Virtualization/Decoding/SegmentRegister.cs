namespace Ember.Core.Virtualization.Decoding;

/// <summary>Segment registers by the number instructions give them (AMD APM volume 3, table 1-7 "sReg field").</summary>
public enum SegmentRegister : byte
{
    Es,
    Cs,
    Ss,
    Ds,
    Fs,
    Gs,
}
