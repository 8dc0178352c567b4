namespace Ember.Formats.Plans;

/// <summary>When a virtual machine is first started.</summary>
public enum StartPolicy : uint
{
    /// <summary>With the appliance.</summary>
    WithAppliance = 0,

    /// <summary>When somebody asks for it at the console.</summary>
    OnRequest = 1,
}
