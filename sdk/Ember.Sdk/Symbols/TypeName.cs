namespace Ember.Sdk.Symbols;

/// <summary>A type's name.</summary>
/// <param name="Assembly">Its assembly; empty for what is built into the language.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Text">The type for people, with its type arguments and, if it is nested, the types around it.</param>
/// <param name="Definition">Namespace and type without type arguments, as metadata spells it.</param>
/// <param name="IsGeneric">Whether it has type arguments.</param>
internal sealed record TypeName(string Assembly, string Namespace, string Text, string Definition, bool IsGeneric = false)
{
    /// <summary>A type made from <paramref name="element"/>, <c>Byte*</c> of <c>Byte</c>.</summary>
    public static TypeName Of(TypeName element, string suffix) =>
        element with { Text = element.Text + suffix, Definition = element.Definition + suffix };

    /// <summary>A type of the language itself.</summary>
    public static TypeName BuiltIn(string name) => new("", "System", name, $"System.{name}");
}
