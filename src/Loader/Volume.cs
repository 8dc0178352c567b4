using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>A file system of the key, through the firmware's driver.</summary>
internal unsafe struct Volume
{
    private const int LongestPath = 64;

    private EfiBootServices* _services;
    private EfiFile* _root;

    /// <summary>Whether it has been opened.</summary>
    public readonly bool IsOpen => _root != null;

    /// <summary>Opens the file system on a partition.</summary>
    public static bool TryOpen(EfiBootServices* services, void* partition, out Volume volume)
    {
        volume = default;
        void* fileSystem = FirmwareHandles.ProtocolOf(services, partition, EfiGuid.SimpleFileSystemProtocol);
        if (fileSystem == null && partition != null)
        {
            // A firmware in a hurry has only connected what it boots from.
            services->ConnectController(partition, null, null, 1);
            fileSystem = FirmwareHandles.ProtocolOf(services, partition, EfiGuid.SimpleFileSystemProtocol);
        }

        EfiFile* root;
        if (fileSystem == null
            || EfiStatus.IsError(((EfiSimpleFileSystem*)fileSystem)->OpenVolume((EfiSimpleFileSystem*)fileSystem, &root)))
        {
            return false;
        }

        volume._services = services;
        volume._root = root;
        return true;
    }

    /// <summary>Loads a whole file of the root into pages of its own.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="longest">A longer file is not loaded.</param>
    /// <param name="address">Where it lies; null when nothing needs to be freed.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Empty, or what is wrong.</returns>
    public readonly ReadOnlySpan<byte> Load(ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        EfiFile* file = Open(name);
        if (file == null)
        {
            return "not found"u8;
        }

        ReadOnlySpan<byte> failure = Load(file, longest, out address, out length);
        file->Close(file);
        if (!failure.IsEmpty)
        {
            FirmwarePages.Free(_services, address, length);
            address = null;
        }

        return failure;
    }

    /// <summary>Closes it, if it is open.</summary>
    public void Close()
    {
        if (_root != null)
        {
            _root->Close(_root);
            _root = null;
        }
    }

    /// <summary>Bytes of a file; reading goes on at its beginning.</summary>
    public static bool TryReadLength(EfiFile* file, out ulong length)
    {
        ulong size = 0;
        bool read = !EfiStatus.IsError(file->SetPosition(file, ulong.MaxValue)) && !EfiStatus.IsError(file->GetPosition(file, &size))
            && !EfiStatus.IsError(file->SetPosition(file, 0));
        length = size;
        return read;
    }

    /// <summary>Reads the next bytes of a file.</summary>
    /// <returns>Empty, or what is wrong.</returns>
    public static ReadOnlySpan<byte> Read(EfiFile* file, byte* bytes, ulong length)
    {
        for (ulong at = 0; at < length;)
        {
            nuint part = (nuint)(length - at);
            if (EfiStatus.IsError(file->Read(file, &part, bytes + at)))
            {
                return "read error: try another key or port"u8;
            }

            if (part == 0)
            {
                return "ends early"u8;
            }

            at += part;
        }

        return default;
    }

    /// <summary>Opens a file of the root for reading; null when there is none.</summary>
    public readonly EfiFile* Open(ReadOnlySpan<byte> name)
    {
        Path path = default;
        for (int i = 0; i < name.Length && i < LongestPath - 1; i++)
        {
            path[i] = (char)name[i];
        }

        EfiFile* file;
        return EfiStatus.IsError(_root->Open(_root, &file, (char*)Unsafe.AsPointer(ref path), EfiFile.ReadMode, 0)) ? null : file;
    }

    private readonly ReadOnlySpan<byte> Load(EfiFile* file, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        if (!TryReadLength(file, out ulong size))
        {
            return "cannot be read"u8;
        }

        if (size > longest)
        {
            return "is longer than it should be"u8;
        }

        address = FirmwarePages.Take(_services, size);
        if (address == null)
        {
            return "does not fit into memory"u8;
        }

        length = size;
        return Read(file, address, size);
    }

    [InlineArray(LongestPath)]
    private struct Path
    {
        private char _first;
    }
}
