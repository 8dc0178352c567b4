using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.MachineCode;

/// <summary>What an image holds in memory that is neither writable nor executable.</summary>
internal sealed class ConstantMemory
{
    private readonly PeImage _image;
    private readonly HashSet<uint> _fixups;
    private readonly Symbol[] _methodData;

    public ConstantMemory(PeImage image, IReadOnlyList<Symbol> symbols)
    {
        _image = image;
        _fixups = [.. image.Fixups];
        _methodData = [.. symbols.Where(symbol => symbol.Kind == SymbolKind.MethodData)];
    }

    /// <summary>The address in the image that an eight-byte pointer holds; false when it is none, or may change.</summary>
    public bool TryReadPointer(ulong rva, out uint target)
    {
        target = 0;
        if (rva > uint.MaxValue || !_fixups.Contains((uint)rva) || !IsConstant((uint)rva))
        {
            return false;
        }

        System.ReadOnlySpan<byte> bytes = _image.At((uint)rva, sizeof(ulong));
        ulong offset = bytes.IsEmpty ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(bytes) - _image.ImageBase;
        target = (uint)offset;
        return offset < _image.SizeOfImage;
    }

    /// <summary>A four-byte number; false when it is not there, or may change.</summary>
    public bool TryReadUInt32(uint rva, out uint value)
    {
        System.ReadOnlySpan<byte> bytes = IsConstant(rva) ? _image.At(rva, sizeof(uint)) : [];
        value = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return !bytes.IsEmpty;
    }

    /// <summary>The constants of a method that <paramref name="rva"/> lies in, or null.</summary>
    public Symbol? MethodDataAt(uint rva)
    {
        int low = 0;
        int high = _methodData.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _methodData[middle].End <= rva ? (middle + 1, high) : (low, middle);
        }

        return low < _methodData.Length && _methodData[low].Rva <= rva ? _methodData[low] : null;
    }

    private bool IsConstant(uint rva) => _image.SectionAt(rva) is { IsWritable: false, IsExecutable: false };
}
