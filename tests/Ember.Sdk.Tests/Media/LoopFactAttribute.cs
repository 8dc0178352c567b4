using System;

namespace Ember.Sdk.Tests.Media;

/// <summary>A test that needs loop devices; skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LoopFactAttribute : FactAttribute
{
    public LoopFactAttribute() => Skip = LoopDevice.Missing;
}
