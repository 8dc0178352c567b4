using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Numbers that the firmware keeps: the core's confirmation, and the least security version for a vendor's key.</summary>
internal readonly unsafe struct FirmwareVariables(EfiRuntimeServices* services)
{
    private const int LongestName = 64;
    private const EfiVariableAttributes OnlyBoot = EfiVariableAttributes.NonVolatile | EfiVariableAttributes.BootServiceAccess;

    /// <summary>Reads a number; 0 when there is none.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="keyId">What is appended to the name, in hexadecimal digits: the first bytes of a key's identity, or nothing.</param>
    public ulong Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> keyId)
    {
        Name text = new(name, keyId);
        EfiGuid vendor = new(HandOver.GuidLow, HandOver.GuidHigh);
        EfiVariableAttributes attributes;
        ulong value = 0;
        nuint size = sizeof(ulong);
        nuint status = services->GetVariable((char*)Unsafe.AsPointer(ref text), &vendor, &attributes, &size, &value);
        return EfiStatus.IsError(status) || size != sizeof(ulong) ? 0 : value;
    }

    /// <summary>The least security version that this machine takes of a vendor's key.</summary>
    /// <param name="keyId">The first bytes of the key's identity.</param>
    public uint ReadSecurityVersion(ReadOnlySpan<byte> keyId)
    {
        ulong version = Read(FirmwareVariableNames.SecurityVersion, keyId);
        return version > uint.MaxValue ? uint.MaxValue : (uint)version;
    }

    /// <summary>Keeps a number that nothing after the loader can change.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="keyId">What is appended to the name, in hexadecimal digits.</param>
    /// <param name="value">The number.</param>
    public bool TryWrite(ReadOnlySpan<byte> name, ReadOnlySpan<byte> keyId, ulong value)
    {
        Name text = new(name, keyId);
        EfiGuid vendor = new(HandOver.GuidLow, HandOver.GuidHigh);
        return !EfiStatus.IsError(services->SetVariable((char*)Unsafe.AsPointer(ref text), &vendor, OnlyBoot, sizeof(ulong), &value));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Name
    {
        private Characters _characters;

        public Name(ReadOnlySpan<byte> name, ReadOnlySpan<byte> keyId)
        {
            _characters = default;
            int at = 0;
            for (int i = 0; i < name.Length; i++)
            {
                _characters[at++] = (char)name[i];
            }

            for (int i = 0; i < keyId.Length; i++)
            {
                _characters[at++] = Digit(keyId[i] >> 4);
                _characters[at++] = Digit(keyId[i] & 15);
            }
        }

        private static char Digit(int value) => (char)(value + (value < 10 ? '0' : 'A' - 10));
    }

    [InlineArray(LongestName)]
    private struct Characters
    {
        private char _first;
    }
}
