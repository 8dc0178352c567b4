namespace System;

/// <summary>The root of all types; its one field is the method table pointer every object starts with.</summary>
public unsafe class Object
{
    private void* m_pEEType;

    public Object() { }
}
