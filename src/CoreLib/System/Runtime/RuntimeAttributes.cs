namespace System.Runtime;

/// <summary>Gives a static method a symbol of its own: a plain Microsoft x64 function that stubs can call.</summary>
internal sealed class RuntimeExportAttribute : Attribute
{
    public RuntimeExportAttribute(string entry) { }
}

/// <summary>Binds an extern method to a symbol: a bare call, without any transition.</summary>
internal sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string dllName, string entry) { }
}
