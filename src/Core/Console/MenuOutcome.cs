namespace Ember.Core.Console;

/// <summary>What a key has led to that the console has to do. All but <see cref="None"/> close the menu.</summary>
internal enum MenuOutcome : byte
{
    None,
    Close,

    /// <summary>Attach the selected virtual machine.</summary>
    Attach,

    /// <summary>Attach none.</summary>
    Detach,

    /// <summary>Give the attached virtual machine the menu's own key.</summary>
    SendKey,
}
