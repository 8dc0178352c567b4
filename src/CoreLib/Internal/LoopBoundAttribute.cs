using System;

namespace Internal;

/// <summary>Ember.Platform's attribute of this name, for this library below it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LoopBoundAttribute : Attribute
{
    public LoopBoundAttribute(ulong rounds, string why) { }
}
