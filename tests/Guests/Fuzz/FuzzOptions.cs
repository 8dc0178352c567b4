namespace Ember.Guests.Fuzz;

/// <summary>What a <see cref="FuzzGuest"/> does.</summary>
public sealed record FuzzOptions
{
    /// <summary>The seed; null for one that is another at each start, taken from the time-stamp counter.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Processors, 1 or 2.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>The step to begin with: to try one again, a little before it.</summary>
    public long FirstStep { get; init; }

    /// <summary>
    /// Whether it leaves out what QEMU 7.2 does wrong with a virtual machine's registers. Where a processor gives #GP, QEMU exits for a
    /// state that it refuses: at once for a bit of CR4 that no processor has, at the next entry for CR0.NW without CD and for the upper
    /// halves of DR6 and DR7. And it ends itself by a failed assertion about its own lock at an x87 error without CR0.NE, and at a write
    /// of CR8 while an interrupt waits. And it crashes when it takes back a breakpoint of DR7.
    /// </summary>
    public bool SparesQemu { get; init; }

    /// <summary>
    /// Whether it leaves out what Bochs 2.7 does wrong with a virtual machine of its AMD processor: at a triple fault it ends itself in
    /// place of an exit, and when an instruction exits that is executed step by step, by RFLAGS.TF, it raises the trap behind it in the host.
    /// </summary>
    public bool SparesBochs { get; init; }
}
