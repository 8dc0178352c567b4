using System;
using System.Runtime.CompilerServices;
using Ember.Formats;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The bundles in the roots of the volumes that the firmware shows and that are not on the key itself, one after the other.</summary>
internal unsafe struct BundleSearch
{
    private readonly EfiBootServices* _services;
    private readonly void* _own;
    private void** _handles;
    private nuint _count;
    private nuint _next;
    private Volume _volume;
    private EfiFile* _file;

    /// <summary>Prepares.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="own">A partition of the key.</param>
    public BundleSearch(EfiBootServices* services, void* own)
    {
        this = default;
        _services = services;
        _own = own;
    }

    /// <summary>Opens the next bundle, and closes the one before.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>False when there are no more.</returns>
    public bool TryNext(out ulong length)
    {
        length = 0;
        Close();
        if (_handles == null)
        {
            FirmwareHandles.Connect(_services, EfiGuid.UsbIoProtocol);
            _count = FirmwareHandles.Find(_services, EfiGuid.SimpleFileSystemProtocol, out _handles);
        }

        while (_next < _count)
        {
            void* handle = _handles[_next++];
            if (!KeyPartitions.AreOnOneDisk(_services, handle, _own) && Volume.TryOpen(_services, handle, out _volume))
            {
                _file = _volume.Open(FlashLayout.BundleFile);
                if (_file != null && Volume.TryReadLength(_file, out length))
                {
                    return true;
                }

                Close();
            }
        }

        FirmwareHandles.Free(_services, _handles);
        _handles = null;
        _count = 0;
        return false;
    }

    /// <summary>Reads a part of the bundle that is open.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool TryRead(ulong position, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return !EfiStatus.IsError(_file->SetPosition(_file, position)) && Volume.Read(_file, start, (ulong)bytes.Length).IsEmpty;
        }
    }

    /// <summary>Closes the bundle that is open, if one is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Close()
    {
        if (_file != null)
        {
            _file->Close(_file);
            _file = null;
        }

        _volume.Close();
    }
}
