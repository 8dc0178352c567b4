using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ember.Formats.Tests.Plans;

/// <summary>A plan put together from literal offsets, so that a slip in the structures' layout shows.</summary>
internal static class PlanBytes
{
    public const string CommandLine = "console=ttyS0 quiet";

    public const string ModuleText = "initial";

    /// <summary>Two payloads, one machine that uses both: its kernel and its module.</summary>
    public static byte[] Good()
    {
        byte[] plan = new byte[256 + (2 * 128) + 128 + 16 + CommandLine.Length + ModuleText.Length];
        Text(plan, 0, "EMBRPLAN");
        UInt32(plan, 8, 2);
        UInt32(plan, 12, (uint)plan.Length);
        UInt32(plan, 48, 2);
        UInt32(plan, 52, 256);
        UInt32(plan, 56, 1);
        UInt32(plan, 60, 512);
        UInt32(plan, 64, 656);
        UInt32(plan, 68, (uint)(CommandLine.Length + ModuleText.Length));
        UInt32(plan, 72, 1);
        UInt32(plan, 76, 2);
        Text(plan, 80, "Ember Reference");
        Text(plan, 112, "1.4.0");
        UInt32(plan, 128, 1);
        UInt32(plan, 132, 640);
        Payload(plan, 256, "vmlinuz-6.1.0", 8_000_000, 0x1122_3344_5566_7788);
        Payload(plan, 384, "initrd.cpio", 2_000_000, 0x99AA_BBCC_DDEE_FF00);
        Text(plan, 512, "linux");
        BinaryPrimitives.WriteUInt64LittleEndian(plan.AsSpan(544), 256UL << 20);
        UInt32(plan, 552, 1);
        UInt32(plan, 556, 1);
        UInt32(plan, 560, 0);
        UInt32(plan, 564, 1);
        UInt32(plan, 568, 0);
        UInt32(plan, 572, (uint)CommandLine.Length);
        UInt32(plan, 576, 0);
        UInt32(plan, 640, 1);
        UInt32(plan, 644, (uint)CommandLine.Length);
        UInt32(plan, 648, (uint)ModuleText.Length);
        Text(plan, 656, CommandLine + ModuleText);
        return Digested(plan);
    }

    /// <summary>The same bytes with the digest made right for them.</summary>
    public static byte[] Digested(byte[] plan)
    {
        if (plan.Length >= 48)
        {
            SHA256.HashData(plan.AsSpan(48), plan.AsSpan(16, 32));
        }

        return plan;
    }

    public static void UInt32(byte[] plan, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(plan.AsSpan(offset), value);

    public static void Text(byte[] plan, int offset, string text) => Encoding.ASCII.GetBytes(text, plan.AsSpan(offset));

    private static void Payload(byte[] plan, int offset, string name, ulong length, ulong xxh3)
    {
        Text(plan, offset, name);
        BinaryPrimitives.WriteUInt64LittleEndian(plan.AsSpan(offset + 48), length);
        BinaryPrimitives.WriteUInt64LittleEndian(plan.AsSpan(offset + 56), xxh3);
        plan.AsSpan(offset + 64, 32).Fill((byte)name.Length);
    }
}
