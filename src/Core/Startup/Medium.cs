using System;
using System.Runtime.CompilerServices;
using Ember.Core.Console;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>The file system this core was started from, found by the handle it was loaded with, never by a name or number.</summary>
internal unsafe struct Medium
{
    private const int LongestPath = 80;

    private EfiBootServices* _services;
    private EfiFile* _root;

    /// <summary>Opens the medium; false after a line that says why not.</summary>
    public static bool TryOpen(EfiBootServices* services, void* device, out Medium medium)
    {
        medium = default;
        medium._services = services;
        EfiGuid protocol = EfiGuid.SimpleFileSystemProtocol;
        EfiSimpleFileSystem* fileSystem;
        EfiFile* root;
        if (EfiStatus.IsError(services->HandleProtocol(device, &protocol, (void**)&fileSystem))
            || EfiStatus.IsError(fileSystem->OpenVolume(fileSystem, &root)))
        {
            SystemConsole.WriteLine("firmware: the medium this core was started from has no readable file system"u8);
            return false;
        }

        medium._root = root;
        return true;
    }

    /// <summary>Loads a whole file of the appliance's folder into pages of its own; false after a line that says why not.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="longest">More bytes than this are not loaded.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="length">Its bytes.</param>
    public readonly bool TryLoad(ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        EfiFile* file = Open(name);
        if (file == null)
        {
            return Fail(name, "not found on the key; write it again"u8);
        }

        ReadOnlySpan<byte> failure = Load(file, longest, ref address, ref length);
        file->Close(file);
        return failure.IsEmpty || Fail(name, failure);
    }

    private readonly EfiFile* Open(ReadOnlySpan<byte> name)
    {
        Path path = default;
        int at = 0;
        path[at++] = '\\';
        foreach (byte character in "EMBER"u8)
        {
            path[at++] = (char)character;
        }

        path[at++] = '\\';
        for (int i = 0; i < name.Length && at < LongestPath - 1; i++)
        {
            path[at++] = (char)name[i];
        }

        EfiFile* file;
        return EfiStatus.IsError(_root->Open(_root, &file, (char*)Unsafe.AsPointer(ref path), EfiFile.ReadMode, 0)) ? null : file;
    }

    private readonly ReadOnlySpan<byte> Load(EfiFile* file, ulong longest, ref byte* address, ref ulong length)
    {
        ulong size;
        if (EfiStatus.IsError(file->SetPosition(file, ulong.MaxValue)) || EfiStatus.IsError(file->GetPosition(file, &size))
            || EfiStatus.IsError(file->SetPosition(file, 0)))
        {
            return "cannot be read"u8;
        }

        if (size > longest)
        {
            return "is longer than the plan says; write the key again"u8;
        }

        ulong pages;
        if (EfiStatus.IsError(_services->AllocatePages(
            EfiAllocateType.AnyPages, EfiMemoryType.LoaderData, (nuint)((size + 4095) >> 12), &pages)))
        {
            return "does not fit into memory"u8;
        }

        address = (byte*)pages;
        while (length < size)
        {
            nuint part = (nuint)(size - length);
            if (EfiStatus.IsError(file->Read(file, &part, address + length)))
            {
                return "read error; try another key or port"u8;
            }

            if (part == 0)
            {
                return "ends early; write the key again"u8;
            }

            length += part;
        }

        return default;
    }

    private static bool Fail(ReadOnlySpan<byte> name, ReadOnlySpan<byte> reason)
    {
        LineBuffer line = default;
        line.Append(name);
        line.Append(": "u8);
        line.Append(reason);
        SystemConsole.WriteLine(line.Text);
        return false;
    }

    [InlineArray(LongestPath)]
    private struct Path
    {
        private char _first;
    }
}
