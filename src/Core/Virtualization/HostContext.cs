namespace Ember.Core.Virtualization;
internal unsafe struct HostContext
{
    public ulong HostState;
}
