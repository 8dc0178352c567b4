using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Tests.Assembly;

/// <summary>A stub's own bytes on this processor, called as the appliance calls them: by Microsoft's convention, not by Linux's.</summary>
internal sealed unsafe partial class ExecutableStub : IDisposable
{
    /// <summary>XMM6 to XMM15, which a function leaves as they were (Microsoft, x64 calling convention).</summary>
    public const int KeptVectors = 10;

    private const int Length = 4096;
    private const int Readable = 1;
    private const int Writable = 2;
    private const int Executable = 4;
    private const int PrivateAnonymous = 0x22;

    private static readonly AssemblerRegisterXMM[] _kept = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    private readonly byte* _memory;

    /// <param name="stub">A stub of four arguments that refers to nothing else.</param>
    public ExecutableStub(CoffSection stub)
    {
        if (stub.Relocations.Count != 0)
        {
            throw new ArgumentException($"{stub.Symbol} refers to others", nameof(stub));
        }

        byte[] code = WithEntry(stub.Content);
        _memory = (byte*)Map(null, Length, Readable | Writable, PrivateAnonymous, -1, 0);
        if ((nint)_memory == -1)
        {
            throw new IOException($"mmap: error {Marshal.GetLastPInvokeError()}");
        }

        code.CopyTo(new Span<byte>(_memory, Length));
        if (Protect(_memory, Length, Readable | Executable) != 0)
        {
            throw new IOException($"mprotect: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Calls it.</summary>
    /// <param name="first">The first argument.</param>
    /// <param name="second">The second one.</param>
    /// <param name="third">The third one.</param>
    /// <param name="fourth">The fourth one.</param>
    /// <param name="kept"><see cref="KeptVectors"/> registers: what the stub finds in them, then what it leaves.</param>
    public void Call(void* first, void* second, nuint third, void* fourth, Span<Vector128<byte>> kept)
    {
        fixed (Vector128<byte>* vectors = kept[..KeptVectors])
        {
            ((delegate* unmanaged<void*, void*, nuint, void*, void*, void>)_memory)(first, second, third, fourth, vectors);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Unmap(_memory, Length);

    /// <summary>RDI, RSI, RDX, RCX: the stub's arguments, R8: the vectors. RBX is kept on both sides.</summary>
    private static byte[] WithEntry(byte[] stub)
    {
        const int homeOfArguments = 32;
        Assembler c = new(64);
        Label target = c.CreateLabel();
        c.push(rbx);
        c.sub(rsp, homeOfArguments);
        c.mov(rbx, r8);
        for (int i = 0; i < _kept.Length; i++)
        {
            c.movups(_kept[i], __xmmword_ptr[rbx + (i * 16)]);
        }

        c.mov(r9, rcx);
        c.mov(r8, rdx);
        c.mov(rdx, rsi);
        c.mov(rcx, rdi);
        c.call(target);
        for (int i = 0; i < _kept.Length; i++)
        {
            c.movups(__xmmword_ptr[rbx + (i * 16)], _kept[i]);
        }

        c.add(rsp, homeOfArguments);
        c.pop(rbx);
        c.ret();
        c.Label(ref target);
        c.db(stub);
        using MemoryStream code = new();
        c.Assemble(new StreamCodeWriter(code), 0);
        return code.ToArray();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
