namespace Ember.Sdk.Signing;

/// <summary>Where a private key and its certificate are.</summary>
public abstract record KeyLocation;
