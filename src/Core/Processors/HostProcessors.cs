namespace Ember.Core.Processors;
internal static class HostProcessors
{
    public const int Boot = 0;
    public static int Count => 1;
    public static void Interrupt(ulong processors) { }
}
