using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Console;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.TpmReader;

/// <summary>Reads the SHA-256 registers of the TPM and the firmware's event log, through the firmware, and sends them over the serial
/// port, in hexadecimal.</summary>
internal unsafe struct TpmReport
{
    private const int RegisterCount = 16;
    private const int LogFormat = 2;
    private const int BytesOfLine = 64;

    /// <summary>More than the last entry of the log has bytes.</summary>
    private const int BehindLastEntry = 512;

    private SerialPort _serial;

    public void Write(EfiBootServices* services)
    {
        _serial.Initialize();
        EfiGuid protocol = EfiGuid.Tcg2Protocol;
        EfiTcg2* tpm;
        if (EfiStatus.IsError(services->LocateProtocol(&protocol, null, (void**)&tpm)))
        {
            WriteLine("tpm: none"u8, default);
            return;
        }

        for (int i = 0; i < RegisterCount; i++)
        {
            WriteRegister(tpm, i);
        }

        WriteLog(tpm);
        WriteLine("tpm: done"u8, default);
    }

    private void WriteRegister(EfiTcg2* tpm, int register)
    {
        // TPM2_PCR_Read (TPM 2.0 Library, part 3, section 22.4) of one register of the SHA-256 bank; numbers are big-endian.
        Command command = default;
        ReadOnlySpan<byte> head = [0x80, 1, 0, 0, 0, Command.Length, 0, 0, 1, 0x7E, 0, 0, 0, 1, 0, 0x0B, 3];
        head.CopyTo(command);
        command[head.Length + (register >> 3)] = (byte)(1 << (register & 7));
        Response response = default;
        byte* bytes = (byte*)Unsafe.AsPointer(ref response);
        nuint status = tpm->SubmitCommand(
            tpm, Command.Length, (byte*)Unsafe.AsPointer(ref command), Response.Length, bytes);
        LineBuffer name = default;
        name.Append("pcr "u8);
        name.AppendDecimal((ulong)register);
        ReadOnlySpan<byte> digest = EfiStatus.IsError(status) ? default : new(bytes + Response.DigestOffset, Response.DigestLength);
        WriteLine(name.Text, digest);
    }

    private void WriteLog(EfiTcg2* tpm)
    {
        ulong first;
        ulong last;
        byte truncated;
        if (EfiStatus.IsError(tpm->GetEventLog(tpm, LogFormat, &first, &last, &truncated)))
        {
            return;
        }

        LineBuffer lastEntry = default;
        lastEntry.Append("last entry at "u8);
        lastEntry.AppendDecimal(last - first);
        WriteLine(lastEntry.Text, default);
        for (ulong at = first; at < last + BehindLastEntry; at += BytesOfLine)
        {
            WriteLine("log"u8, new ReadOnlySpan<byte>((void*)at, BytesOfLine));
        }
    }

    private void WriteLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        LineBuffer line = default;
        line.Append("reader: "u8);
        line.Append(name);
        line.Append((byte)' ');
        for (int i = 0; i < bytes.Length; i++)
        {
            line.AppendHex(bytes[i], 2);
        }

        _serial.Write(line.Text);
        _serial.Write("\r\n"u8);
    }

    [InlineArray(Length)]
    private struct Command
    {
        public const int Length = 20;

        private byte _first;
    }

    [InlineArray(Length)]
    private struct Response
    {
        public const int Length = 128;
        public const int DigestOffset = 30;
        public const int DigestLength = 32;

        private byte _first;
    }
}
