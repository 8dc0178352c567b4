using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace Ember.Sdk.Payloads;

/// <summary>Writes a cpio archive in the "newc" format that Linux unpacks as its initial RAM file system (Linux,
/// Documentation/driver-api/early-userspace/buffer-format.rst). The same calls give the same bytes: times are zero, owners
/// are root, inode numbers count from 1.</summary>
/// <param name="output">Receives the archive.</param>
public sealed class CpioWriter(Stream output)
{
    private const uint DirectoryType = 0x4000;
    private const uint CharacterDeviceType = 0x2000;
    private const uint RegularType = 0x8000;
    private const uint LinkType = 0xA000;
    private const uint LinkMode = 0x1FF;
    private const int HeaderLength = 110;
    private const int Alignment = 4;

    // What cpio writes are blocks of 512 bytes; readers other than Linux complain about less.
    private const int BlockLength = 512;

    private uint _inode;
    private long _length;

    /// <summary>Adds a directory. Parents come before what they hold.</summary>
    /// <param name="name">Relative to the root, without a slash in front.</param>
    /// <param name="permissions">The nine permission bits and those above them.</param>
    public void AddDirectory(string name, UnixFileMode permissions) => Add(name, DirectoryType | (uint)permissions, 2, [], 0, 0);

    /// <summary>Adds a file.</summary>
    public void AddFile(string name, UnixFileMode permissions, ReadOnlySpan<byte> content) =>
        Add(name, RegularType | (uint)permissions, 1, content, 0, 0);

    /// <summary>Adds a symbolic link.</summary>
    public void AddLink(string name, string target) => Add(name, LinkType | LinkMode, 1, Encoding.UTF8.GetBytes(target), 0, 0);

    /// <summary>Adds a character device node; writing one into an archive needs no privilege.</summary>
    public void AddCharacterDevice(string name, UnixFileMode permissions, uint major, uint minor) =>
        Add(name, CharacterDeviceType | (uint)permissions, 1, [], major, minor);

    /// <summary>Ends the archive.</summary>
    public void Finish()
    {
        Write("TRAILER!!!", inode: 0, mode: 0, links: 1, [], 0, 0);
        Pad(BlockLength);
    }

    private void Add(string name, uint mode, uint links, ReadOnlySpan<byte> content, uint major, uint minor) =>
        Write(name, ++_inode, mode, links, content, major, minor);

    private void Write(string name, uint inode, uint mode, uint links, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        StringBuilder header = new("070701", HeaderLength);
        ReadOnlySpan<uint> fields =
        [
            inode, mode, 0, 0, links, 0, (uint)content.Length, 0, 0, major, minor, (uint)nameBytes.Length + 1, 0,
        ];
        foreach (uint field in fields)
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:x8}");
        }

        Emit(Encoding.ASCII.GetBytes(header.ToString()));
        Emit(nameBytes);
        Emit([0]);
        Pad(Alignment);
        Emit(content);
        Pad(Alignment);
    }

    private void Pad(int alignment) => Emit(new byte[(int)(-_length & (alignment - 1))]);

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _length += bytes.Length;
    }
}
