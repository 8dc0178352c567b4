namespace System;

public struct Void { }
public struct Boolean { private bool _value; }
public struct Char { private char _value; }
public struct SByte { private sbyte _value; public const sbyte MinValue = -128; public const sbyte MaxValue = 127; }
public struct Byte { private byte _value; public const byte MinValue = 0; public const byte MaxValue = 255; }
public struct Int16 { private short _value; public const short MinValue = -32768; public const short MaxValue = 32767; }
public struct UInt16 { private ushort _value; public const ushort MinValue = 0; public const ushort MaxValue = 65535; }
public struct Int32 { private int _value; public const int MinValue = unchecked((int)0x80000000); public const int MaxValue = 0x7fffffff; }
public struct UInt32 { private uint _value; public const uint MinValue = 0; public const uint MaxValue = 0xffffffff; }
public struct Int64 { private long _value; public const long MinValue = unchecked((long)0x8000000000000000); public const long MaxValue = 0x7fffffffffffffff; }
public struct UInt64 { private ulong _value; public const ulong MinValue = 0; public const ulong MaxValue = 0xffffffffffffffff; }
public unsafe struct IntPtr { private void* _value; }
public unsafe struct UIntPtr { private void* _value; }
public struct Single { private float _value; }
public struct Double { private double _value; }

public abstract class ValueType { }
public abstract class Enum : ValueType { }
public abstract class Delegate { }
public abstract class MulticastDelegate : Delegate { }
public struct RuntimeTypeHandle { private nint _value; }
public struct RuntimeMethodHandle { private nint _value; }

/// <summary>Pointer-sized, or ilc's static-array preinitialisation fails as invalid IL.</summary>
public struct RuntimeFieldHandle { private nint _value; }

public interface IDisposable { void Dispose(); }
