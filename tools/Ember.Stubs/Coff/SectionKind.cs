namespace Ember.Stubs.Coff;

/// <summary>Name and characteristics of a section (PE/COFF specification, section 4.1).</summary>
public sealed record SectionKind(string Name, uint Characteristics)
{
    private const uint Code = 0x0000_0020;
    private const uint Initialized = 0x0000_0040;
    private const uint Uninitialized = 0x0000_0080;
    private const uint Comdat = 0x0000_1000;
    private const uint Align16 = 0x0050_0000;
    private const uint Align4096 = 0x00D0_0000;
    private const uint Execute = 0x2000_0000;
    private const uint Read = 0x4000_0000;
    private const uint Write = 0x8000_0000;

    public static SectionKind Text { get; } = new(".text", Code | Comdat | Align16 | Execute | Read);
    public static SectionKind ReadOnly { get; } = new(".rdata", Initialized | Comdat | Align16 | Read);
    public static SectionKind Data { get; } = new(".data", Initialized | Comdat | Align16 | Read | Write);
    public static SectionKind Pages { get; } = new(".bss", Uninitialized | Comdat | Align4096 | Read | Write);
    public static SectionKind Symbols { get; } = new(".symtab", Initialized | Comdat | Align16 | Read);

    public static SectionKind Vendor { get; } = new(".vendor", Initialized | Comdat | Align16 | Read);

    public bool IsUninitialized => (Characteristics & Uninitialized) != 0;
}
