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

    /// <summary>Two payloads, a machine that uses both, its kernel and its module, and one whose name and kernel are all it has.</summary>
    public static byte[] Good()
    {
        byte[] plan = new byte[256 + (2 * 128) + (2 * 128) + 16 + CommandLine.Length + ModuleText.Length];
        Text(plan, 0, "EMBRPLAN");
        UInt32(plan, 8, 4);
        UInt32(plan, 12, (uint)plan.Length);
        UInt32(plan, 48, 2);
        UInt32(plan, 52, 256);
        UInt32(plan, 56, 2);
        UInt32(plan, 60, 512);
        UInt32(plan, 64, 784);
        UInt32(plan, 68, (uint)(CommandLine.Length + ModuleText.Length));
        UInt32(plan, 72, 1);
        UInt32(plan, 76, 2);
        Text(plan, 80, "Ember Reference");
        Text(plan, 112, "1.4.0");
        UInt32(plan, 128, 1);
        UInt32(plan, 132, 768);
        Text(plan, 136, "Help: 555");
        Payload(plan, 256, "vmlinuz-6.1.0", 8_000_000, 0x1122_3344_5566_7788);
        Payload(plan, 384, "initrd.cpio", 2_000_000, 0x99AA_BBCC_DDEE_FF00);
        Machine(plan, 512, "linux");
        UInt32(plan, 564, 1);
        UInt32(plan, 568, 0);
        UInt32(plan, 572, (uint)CommandLine.Length);
        UInt32(plan, 576, 0);
        UInt32(plan, 580, 1);
        UInt64(plan, 584, 0x8000_0000_0000_0001);
        UInt32(plan, 592, 10_000);
        UInt32(plan, 596, 1600);
        UInt32(plan, 600, 1);
        Machine(plan, 640, "linus");
        UInt32(plan, 720, 1);
        UInt32(plan, 768, 1);
        UInt32(plan, 772, (uint)CommandLine.Length);
        UInt32(plan, 776, (uint)ModuleText.Length);
        Text(plan, 784, CommandLine + ModuleText);
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

    private static void UInt64(byte[] plan, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(plan.AsSpan(offset), value);

    private static void Machine(byte[] plan, int offset, string name)
    {
        Text(plan, offset, name);
        UInt64(plan, offset + 32, 256UL << 20);
        UInt32(plan, offset + 40, 16);
        UInt32(plan, offset + 44, 1);
        UInt32(plan, offset + 48, 0);
    }

    private static void Payload(byte[] plan, int offset, string name, ulong length, ulong xxh3)
    {
        Text(plan, offset, name);
        UInt64(plan, offset + 48, length);
        UInt64(plan, offset + 56, xxh3);
        plan.AsSpan(offset + 64, 32).Fill((byte)name.Length);
    }
}
