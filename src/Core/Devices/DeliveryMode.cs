namespace Ember.Core.Devices;

/// <summary>
/// Delivery modes of interrupt messages and local vector table entries (Intel SDM volume 3, 11.5.1 and 11.6.1).
/// </summary>
public enum DeliveryMode : byte
{
    Fixed = 0,
    LowestPriority = 1,
    SystemManagement = 2,
    NonMaskable = 4,
    Init = 5,
    StartUp = 6,
    External = 7,
}
