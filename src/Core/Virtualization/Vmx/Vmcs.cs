using System.Runtime.CompilerServices;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>The fields of the current control structure, which is no memory: the processor may hold any of it in itself.</summary>
internal static class Vmcs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(VmcsField field) => Cpu.VmxRead((ulong)field);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(VmcsField field, ulong value) => Cpu.VmxWrite((ulong)field, value);
}
