using System;
using System.Runtime.CompilerServices;
using Ember.Formats;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>A file of a server, fetched by the firmware's own HTTP boot: all of the network, TLS included, is its affair.</summary>
internal unsafe struct NetworkFile
{
    private const int LongestName = 24;
    private const int PathRoom = EfiDevicePath.Size + FlashLayout.LongestUpdateAddress + LongestName + EfiDevicePath.Size;

    private readonly EfiSystemTable* _system;
    private EfiLoadFile* _answering;
    private byte* _bytes;
    private ulong _length;

    /// <summary>Prepares.</summary>
    public NetworkFile(EfiSystemTable* system)
    {
        this = default;
        _system = system;
    }

    /// <summary>Whether there is one.</summary>
    public readonly bool IsFetched => _bytes != null;

    /// <summary>Fetches a file: over the first network card that gives it, and then over no other.</summary>
    /// <param name="address">The server's, up to the file's name.</param>
    /// <param name="file">The name, ASCII.</param>
    /// <param name="memory">Where it goes.</param>
    /// <param name="length">The room there; then the file's bytes.</param>
    public bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length)
    {
        if (address.Length > FlashLayout.LongestUpdateAddress)
        {
            return false;
        }

        UriPath path = default;
        Span<byte> node = path;
        int end = EfiDevicePath.Size + address.Length + file.Length;
        node[0] = EfiDevicePath.MessagingType;
        node[1] = EfiDevicePath.UriSubType;
        node[2] = (byte)end;
        node[3] = (byte)(end >> 8);
        address.CopyTo(node.Slice(EfiDevicePath.Size));
        file.CopyTo(node.Slice(EfiDevicePath.Size + address.Length));
        node[end] = EfiDevicePath.EndType;
        node[end + 1] = 0xFF;
        node[end + 2] = EfiDevicePath.Size;

        // What the firmware says meanwhile would go over the lines on the screen, and between those on the serial port.
        EfiTextOutput none = default;
        EfiTextOutput* console = _system->ConsoleOutput == null ? &none : _system->ConsoleOutput;
        delegate* unmanaged<EfiTextOutput*, char*, nuint> speaking = console->OutputString;
        console->OutputString = (delegate* unmanaged<EfiTextOutput*, char*, nuint>)(delegate*<EfiTextOutput*, char*, nuint>)&Ignore;
        _bytes = memory;
        _length = length;
        bool fetched = _answering != null ? TryLoad(_answering, ref path) : TryAll(ref path);
        console->OutputString = speaking;
        length = _length;
        return fetched;
    }

    /// <summary>Reads a part of it.</summary>
    public readonly bool TryRead(ulong position, Span<byte> bytes)
    {
        bool isInside = position <= _length && (ulong)bytes.Length <= _length - position;
        if (isInside)
        {
            new ReadOnlySpan<byte>(_bytes + position, bytes.Length).CopyTo(bytes);
        }

        return isInside;
    }

    private static nuint Ignore(EfiTextOutput* console, char* text) => EfiStatus.Success;

    private bool TryAll(ref UriPath path)
    {
        EfiBootServices* services = _system->BootServices;
        FirmwareHandles.Connect(services, EfiGuid.PciIoProtocol);
        nuint count = FirmwareHandles.Find(services, EfiGuid.LoadFileProtocol, out void** handles);
        for (nuint i = 0; i < count && _answering == null; i++)
        {
            EfiDevicePath* last = KeyPartitions.LastNode(services, handles[i], out _, out EfiDevicePath* before);
            EfiLoadFile* card = (EfiLoadFile*)FirmwareHandles.ProtocolOf(services, handles[i], EfiGuid.LoadFileProtocol);

            // Where nobody answers, IPv6 would be waited for much longer than IPv4.
            if (last != null && last->Is(EfiDevicePath.MessagingType, EfiDevicePath.UriSubType)
                && before != null && before->Is(EfiDevicePath.MessagingType, EfiDevicePath.Ipv4SubType)
                && card != null && TryLoad(card, ref path))
            {
                _answering = card;
            }
        }

        FirmwareHandles.Free(services, handles);
        return _answering != null;
    }

    private bool TryLoad(EfiLoadFile* card, ref UriPath path)
    {
        // A warning is no success: the firmware may have made a disk of the file.
        nuint length = (nuint)_length;
        bool loaded = card->LoadFile(card, Unsafe.AsPointer(ref path), 1, &length, _bytes) == EfiStatus.Success && length <= _length;
        _length = loaded ? length : _length;
        return loaded;
    }

    [InlineArray(PathRoom)]
    private struct UriPath
    {
        private byte _first;
    }
}
