using System;
using System.Runtime.Intrinsics.X86;

namespace Ember.Stubs.Tests.Assembly;

/// <summary>A test that runs instructions for SHA-256; skipped, with the reason, where the processor has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShaFactAttribute : FactAttribute
{
    private const int Sha = 1 << 29;

    public ShaFactAttribute() => Skip =
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & Sha) != 0
            ? null
            : "this processor has no SHA extensions";
}
