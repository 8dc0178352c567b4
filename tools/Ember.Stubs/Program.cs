using Ember.Formats.Signatures;
using Ember.Stubs.Assembly;
using Ember.Stubs.Coff;
using Ember.Stubs.Symbols;

switch (args)
{
    case ["stubs", "loader", string output]:
        Write(
            output,
            [
                .. PortStubs.All, .. ProcessorStubs.ForLoader, .. MemoryStubs.All, .. RuntimeStubs.ForLoader, .. DispatchStubs.All,
                .. HashStubs.All,
            ]);
        return 0;
    case ["stubs", "core", string output]:
        Write(
            output,
            [
                .. PortStubs.All, .. ProcessorStubs.All, .. MemoryStubs.All, .. InterruptStubs.All, .. SvmStubs.All,
                .. VmxStubs.All, .. GuardStubs.All, .. TrampolineStubs.All, .. RuntimeStubs.All, .. DispatchStubs.All,
            ]);
        return 0;
    case ["trim", string objectFile]:
        try
        {
            byte[] bytes = File.ReadAllBytes(objectFile);
            UnwindTrimmer.Trim(bytes);
            File.WriteAllBytes(objectFile, bytes);
            return 0;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"ember: error: {objectFile}: {e.Message}");
            return 1;
        }

    case ["vendor-key", string output]:
        Write(output, [new CoffSection(SectionKind.Vendor, "EmberVendorKey", new byte[RsaPublicKey.MaximumSize], [])]);
        return 0;
    case ["no-symbols", string output]:
        WriteSymbols(output, new byte[sizeof(uint)]);
        return 0;
    case ["symbols", string map, string output]:
        try
        {
            WriteSymbols(output, SymbolTableBuilder.Build(LinkMap.Parse(File.ReadAllText(map))));
            return 0;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"ember: error: {map}: {e.Message}");
            return 1;
        }

    default:
        Console.Error.WriteLine("usage: Ember.Stubs stubs core|loader OUTPUT.obj | vendor-key OUTPUT.obj | trim OBJECT.obj | no-symbols OUTPUT.obj | symbols LINK.map OUTPUT.obj");
        return 2;
}

static void WriteSymbols(string path, byte[] table) =>
    Write(path, [new CoffSection(SectionKind.Symbols, "EmberSymbolTable", table, [])]);

static void Write(string path, IEnumerable<CoffSection> sections)
{
    var objectFile = new CoffObject();
    foreach (CoffSection section in sections)
    {
        objectFile.Add(section);
    }

    File.WriteAllBytes(path, objectFile.ToBytes());
}
