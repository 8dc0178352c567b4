using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Svm;

/// <content>
/// NMIs of the guest. The processor does not know that one is being handled, so the IRET that ends it is intercepted; and since the
/// intercept comes before the IRET, a next NMI has to wait for the trap of a single step behind it.
/// </content>
internal unsafe partial struct SvmProcessor
{
    private const ulong NonMaskableType = 2UL << 8;
    private const byte NonMaskableVector = 2;
    private const ulong SingleStep = 1 << 14;

    private enum NonMaskable : byte
    {
        Free,

        /// <summary>One is being handled.</summary>
        Handled,

        /// <summary>The guest is at the IRET that ends it.</summary>
        AtReturn,

        /// <summary>The same, and the instruction behind it is waited for.</summary>
        Stepping,
    }

    public readonly bool CanTakeNonMaskable => (_vmcb->InterruptShadow & 1) == 0 && (_vmcb->EventInjection & EventValid) == 0
        && (_nonMaskable == NonMaskable.Free || (_nonMaskable >= NonMaskable.AtReturn && _vmcb->Rip != _returnRip));

    public void InjectNonMaskable()
    {
        _vmcb->EventInjection = EventValid | NonMaskableType | NonMaskableVector;
        _vmcb->Intercept1 |= Intercept1.InterruptReturn;
        _nonMaskable = NonMaskable.Handled;
    }

    /// <summary>While one is handled its IRET exits anyway; behind a shadow, or another event, any exit is a window.</summary>
    public void RequestNonMaskableWindow()
    {
        if (_nonMaskable == NonMaskable.AtReturn && _vmcb->Rip == _returnRip && (_vmcb->Rflags & Rflags.Trap) == 0)
        {
            _nonMaskable = NonMaskable.Stepping;
            _vmcb->Rflags |= Rflags.Trap;
        }
        else if (_nonMaskable != NonMaskable.Handled)
        {
            RequestInterruptWindow();
        }
    }

    private void ReachReturn()
    {
        _vmcb->Intercept1 &= ~Intercept1.InterruptReturn;
        _nonMaskable = NonMaskable.AtReturn;
        _returnRip = _vmcb->Rip;
    }

    /// <summary>The trap behind an IRET is not the guest's.</summary>
    private void EndStep(ref VmExit exit)
    {
        if (_nonMaskable == NonMaskable.Stepping)
        {
            _nonMaskable = NonMaskable.Free;
            _vmcb->Dr6 &= ~SingleStep;
            exit.Kind = ExitKind.InterruptWindow;
        }
    }
}
