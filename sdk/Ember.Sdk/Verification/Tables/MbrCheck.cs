using System;
using System.Buffers.Binary;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Tables;

/// <summary>Checks the protective MBR (UEFI specification 2.10, 5.2.3).</summary>
internal static class MbrCheck
{
    private const int Records = 446;
    private const int RecordSize = 16;
    private const int Signature = 510;

    public static void Run(ImageBytes image, Findings findings)
    {
        ReadOnlySpan<byte> sector = image.Read(0, ImageBytes.SectorSize);
        ReadOnlySpan<byte> record = sector.Slice(Records, RecordSize);
        long last = (image.Length / ImageBytes.SectorSize) - 1;
        Place place = new("protective MBR", Offset: 0);
        findings.Require(sector[Signature] == 0x55 && sector[Signature + 1] == 0xAA, TableRules.MbrSignature, place.At(Signature),
            $"it ends with {sector[Signature]:X2} {sector[Signature + 1]:X2}");
        int code = sector[..Records].IndexOfAnyExcept((byte)0);
        findings.Require(code < 0, TableRules.MbrCode, place.At(code), $"byte {code} is not zero");
        int other = sector[(Records + RecordSize)..Signature].IndexOfAnyExcept((byte)0);
        findings.Require(other < 0, TableRules.MbrOthers, place.At(Records + RecordSize + other),
            $"record {2 + (other / RecordSize)} is not zero");

        findings.Require(record[0] == 0, TableRules.MbrActive, place.At(Records), $"it is marked with {record[0]:X2}");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
        findings.Require(record[4] == 0xEE && first == 1, TableRules.MbrProtective, place.At(Records + 4),
            $"it has type {record[4]:X2} and begins in sector {first}");
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        uint expected = (uint)Math.Clamp(last, 0, uint.MaxValue);
        findings.Require(size == expected, TableRules.MbrSize, place.At(Records + 12), $"it has {size} sectors, not {expected}");
        ReadOnlySpan<byte> chs = [.. record.Slice(1, 3), .. record.Slice(5, 3)];
        findings.Require(chs.SequenceEqual((ReadOnlySpan<byte>)[0, 2, 0, .. EndChs(last)]), TableRules.MbrChs, place.At(Records + 1),
            $"they are {Convert.ToHexString(chs)}");
    }

    /// <summary>The end as 255 heads of 63 sectors have it: head, sector and upper bits of the cylinder, cylinder.</summary>
    private static byte[] EndChs(long lba)
    {
        long track = lba / 63;
        long cylinder = track / 255;
        return cylinder > 1023
            ? [0xFF, 0xFF, 0xFF]
            : [(byte)(track % 255), (byte)((lba % 63) + 1 + ((cylinder & 0x300) >> 2)), (byte)cylinder];
    }
}
