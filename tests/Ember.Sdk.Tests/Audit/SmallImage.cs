using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

/// <summary>
/// A core in small that keeps every rule: an entry point, calls, a switch, the guard, a world switch and interrupt entries. Tests
/// replace a part of it by one that breaks a rule.
/// </summary>
internal sealed class SmallImage
{
    public const uint Main = 0x1000;
    public const uint Leaf = 0x1080;
    public const uint Switch = 0x1100;
    public const uint ReadMsr = 0x1180;
    public const uint Guard = 0x1200;
    public const uint Exit = 0x1280;
    public const uint WorldSwitch = 0x1300;
    public const uint Vectors = 0x1380;
    public const uint Interrupt = 0x1400;
    public const uint Handler = 0x1480;
    public const uint CodeEnd = 0x1600;
    public const uint GuardPointer = 0x2000;
    public const uint Table = 0x2010;
    public const uint UnwindInfo = 0x2100;
    public const uint Statics = 0x3000;

    /// <summary>Bytes of the stack that <see cref="Main"/> runs on.</summary>
    public const uint StackBytes = 512;

    private readonly SortedDictionary<uint, (string Name, SmallFunction Function)> _functions = [];
    private readonly SortedDictionary<uint, uint> _marks = [];
    private readonly List<(uint Rva, byte[] Bytes)> _patches = [];
    private readonly List<Symbol> _symbols =
    [
        Piece(GuardPointer, 8, SymbolKind.Literal, "guard_pointer", CoreSymbols.StubsAssembly),
        Piece(Table, 12, SymbolKind.MethodData, "table"),
        Piece(Statics, 64, SymbolKind.Statics, "statics"),
    ];

    private uint _last;

    public SmallImage()
    {
        Replace("Main", Main, SymbolKind.Method, 40, code =>
        {
            code.C.call(Leaf);
            code.C.call(Switch);
            code.C.call(ReadMsr);
            code.Lea(Register.RAX, Statics);
            code.CallThrough(GuardPointer);
            code.C.call(Exit);
            code.Store(Statics);
        });
        Replace("Leaf", Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.mov(eax, 1);
            code.C.ret();
        });
        ReplaceSwitch(code => code.C.cmp(ecx, 2), code => code.C.mov(eax, ecx));
        Replace("ReadMsr", ReadMsr, SymbolKind.Stub, 0, code =>
        {
            code.C.rdmsr();
            code.C.ret();
        });
        Replace("Guard", Guard, SymbolKind.Stub, 0, GuardBody);
        Replace("Exit", Exit, SymbolKind.Method, 40, code =>
        {
            code.C.movups(xmm0, __[rcx]);
            code.C.movups(__[rsp + 16], xmm0);
            code.C.call(WorldSwitch);
        });
        Replace("WorldSwitch", WorldSwitch, SymbolKind.Stub, 0, code =>
        {
            code.C.movaps(xmm0, __[rcx + 16]);
            code.C.vmrun();
            code.C.movaps(__[rcx + 16], xmm0);
            code.C.ret();
        });
        Replace("Vectors", Vectors, SymbolKind.Stub, 0, code =>
        {
            for (byte vector = 0; vector < 2; vector++)
            {
                code.C.db((byte[])[0x6A, vector, 0xE9, (byte)(Interrupt - Vectors - 7 - (vector * 8)), 0, 0, 0, 0xCC]);
            }
        });
        Replace("Interrupt", Interrupt, SymbolKind.Stub, 0, code =>
        {
            code.C.push(rax);
            code.C.sub(rsp, 40);
            code.C.call(Handler);
            code.C.add(rsp, 40);
            code.C.pop(rax);
            code.C.add(rsp, 8);
            code.C.iretq();
        });
        Replace("Handler", Handler, SymbolKind.Method, 0, code => code.C.ret());
    }

    /// <summary>What is allowed in it.</summary>
    public AuditPolicy Policy { get; set; } = new()
    {
        Entries = [new AuditEntry("Main", "the stack", StackBytes, 64)],
        Interrupts = new InterruptEntries(
            new CodeTable("Vectors", 2, 8), [], new Dictionary<string, int> { ["Interrupt"] = 8 }, ["the interrupt stack"], 256),
        Stubs = new Dictionary<string, IReadOnlyList<string>>
        {
            ["ReadMsr"] = ["rdmsr"],
            ["Guard"] = [],
            ["WorldSwitch"] = ["vmrun rax"],
            ["Vectors"] = [],
            ["Interrupt"] = ["iretq"],
        },
        Assemblies = ["Small"],
        CompilerPieces = ["guard_pointer"],
        ForbiddenNames = ["RhpNew*"],
        ExitPaths = [new ExitPath("Exit", ["WorldSwitch"])],
        Dispatch = "Guard",
        DispatchPointer = "guard_pointer",
        AddressTakers = new Dictionary<string, string>(),
    };

    /// <summary>RVAs that whoever loads it adjusts.</summary>
    public List<uint> Fixups { get; } = [GuardPointer];

    public bool TextIsWritable { get; set; }

    public bool RdataIsWritable { get; set; }

    /// <summary>Where the switch's first entry leads to, from its start; null for where it should.</summary>
    public uint? FirstTableEntry { get; set; }

    /// <summary>The place that the function replaced last marked, or else the first that is marked.</summary>
    public uint Marked => _marks.TryGetValue(_last, out uint mark) ? mark : _marks.Values.First();

    /// <summary>Puts another function in the place of one, or a new one.</summary>
    public SmallImage Replace(string name, uint rva, SymbolKind kind, int frame, Action<SmallCode> body)
    {
        _last = rva;
        _functions[rva] = (name, new SmallFunction(rva, kind, frame, body));
        return this;
    }

    /// <summary>Puts another switch in the place of the one there.</summary>
    /// <param name="compare">Compares the index with the largest.</param>
    /// <param name="widen">Puts the index, which is in ECX, into RAX.</param>
    public SmallImage ReplaceSwitch(Action<SmallCode> compare, Action<SmallCode> widen) =>
        Replace("Switch", Switch, SymbolKind.Method, 0, code => SwitchBody(code, compare, widen));

    /// <summary>Overwrites bytes of the finished image.</summary>
    public SmallImage Patch(uint rva, params byte[] bytes)
    {
        _patches.Add((rva, bytes));
        return this;
    }

    /// <summary>Adds a name.</summary>
    public SmallImage Add(uint rva, uint length, SymbolKind kind, string name, string assembly = "Small")
    {
        _symbols.Add(Piece(rva, length, kind, name, assembly));
        return this;
    }

    public AuditReport Audit()
    {
        (byte[] image, Symbol[] symbols) = Build();
        return CoreAudit.Run(PeImage.Parse("small.efi", image), symbols, Policy);
    }

    public (byte[] Image, Symbol[] Symbols) Build()
    {
        SmallPe pe = new(TextIsWritable, RdataIsWritable);
        pe.Text.AsSpan().Fill(0xCC);
        List<Symbol> symbols = [.. _symbols];
        uint unwind = UnwindInfo;
        uint[] cases = [];
        foreach ((string name, SmallFunction function) in _functions.Values)
        {
            (byte[] bytes, uint? mark) = Assemble(function);
            if (mark is { } marked)
            {
                _marks[function.Rva] = marked;
            }

            bytes.CopyTo(pe.At(function.Rva));
            string assembly = function.Kind == SymbolKind.Stub ? CoreSymbols.StubsAssembly : "Small";
            symbols.Add(Piece(function.Rva, (uint)bytes.Length, function.Kind, name, assembly));
            if (function.Frame != 0)
            {
                pe.AddUnwindInfo(function.Rva, (uint)bytes.Length, unwind, function.Frame);
                unwind += 16;
            }

            cases = function.Rva == Switch ? [(uint)bytes.Length - 9, (uint)bytes.Length - 6, (uint)bytes.Length - 3] : cases;
        }

        BitConverter.TryWriteBytes(pe.At(GuardPointer), SmallPe.ImageBase + Guard);
        for (int i = 0; i < 3; i++)
        {
            BitConverter.TryWriteBytes(pe.At(Table + ((uint)i * 4)), i == 0 ? FirstTableEntry ?? cases[0] : cases[i]);
        }

        foreach ((uint rva, byte[] bytes) in _patches)
        {
            bytes.CopyTo(pe.At(rva));
        }

        return (pe.Build(Main, Fixups), [.. symbols.OrderBy(symbol => symbol.Rva)]);
    }

    public static void GuardBody(SmallCode code)
    {
        Label outside = code.C.CreateLabel();
        code.Lea(Register.R10, 0);
        code.C.mov(r11d, __dword_ptr[r10 + 0x3C]);
        code.C.mov(r11d, __dword_ptr[r10 + r11 + 0x50]);
        code.C.neg(r10);
        code.C.add(r10, rax);
        code.C.cmp(r10, r11);
        code.C.jae(outside);
        code.C.ud2();
        code.C.Label(ref outside);
        code.C.jmp(rax);
    }

    /// <summary>Three cases of three bytes each at the end; what is no case takes the first.</summary>
    private static void SwitchBody(SmallCode code, Action<SmallCode> compare, Action<SmallCode> widen)
    {
        Label otherwise = code.C.CreateLabel();
        compare(code);
        code.C.ja(otherwise);
        widen(code);
        code.Lea(Register.RDX, Table);
        code.C.mov(edx, __dword_ptr[rdx + (rax * 4)]);
        code.Lea(Register.R8, Switch);
        code.C.add(rdx, r8);
        code.Mark();
        code.C.jmp(rdx);
        code.C.Label(ref otherwise);
        for (byte i = 0; i < 3; i++)
        {
            code.C.db((byte[])[0xB0, i, 0xC3]);
        }
    }

    private static (byte[] Bytes, uint? Mark) Assemble(SmallFunction function)
    {
        SmallCode code = new(function.Rva);
        if (function.Frame != 0)
        {
            code.C.sub(rsp, function.Frame);
        }

        function.Body(code);
        if (function.Frame != 0)
        {
            code.C.add(rsp, function.Frame);
            code.C.ret();
        }

        return code.Assemble();
    }

    private static Symbol Piece(uint rva, uint length, SymbolKind kind, string name, string assembly = "Small") =>
        new(rva, length, kind, name, [], new SourceMember(assembly, "", "", name));
}
