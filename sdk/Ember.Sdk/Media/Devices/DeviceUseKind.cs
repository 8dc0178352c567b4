namespace Ember.Sdk.Media.Devices;

/// <summary>Why a device must not be written.</summary>
public enum DeviceUseKind
{
    /// <summary>The running system lies on it.</summary>
    System,

    /// <summary>A file system on it is mounted.</summary>
    Mounted,

    /// <summary>Memory is swapped to it.</summary>
    Swap,

    /// <summary>Another device is made of it: LVM, RAID, encryption, a loop device; or a file system of several devices.</summary>
    Held,
}
