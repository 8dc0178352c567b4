using System;

namespace Ember.Stubs.Tests.Assembly;

/// <summary>A test that runs instructions for SHA-256; skipped, with the reason, where the processor has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShaFactAttribute : FactAttribute
{
    public ShaFactAttribute() => Skip = StubSha256.IsSupported ? null : "this processor has no SHA extensions";
}
