using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace FakeUpstream;

/// <summary>
/// Reads a request body to its end and looks at its first bytes alone: a benchmark's bodies name <c>model</c> and <c>stream</c> first,
/// and an upstream that scanned 64 KB would spend processor time that belongs to the proxies under test.
/// </summary>
internal static class AskReader
{
    private const int HeadBytes = 512;

    /// <summary>Consumes the whole body.</summary>
    public static async ValueTask<Ask> ReadAsync(PipeReader body)
    {
        Ask? ask = null;
        while (true)
        {
            var read = await body.ReadAsync();
            if (ask is null && (read.Buffer.Length >= HeadBytes || read.IsCompleted))
                ask = Look(read.Buffer);
            body.AdvanceTo(ask is null ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            if (read.IsCompleted)
                return ask.GetValueOrDefault();
        }
    }

    private static Ask Look(ReadOnlySequence<byte> body)
    {
        Span<byte> copy = stackalloc byte[HeadBytes];
        var head = body.Slice(0, Math.Min(body.Length, HeadBytes));
        head.CopyTo(copy);
        return Look(copy[..(int)head.Length]);
    }

    private static Ask Look(ReadOnlySpan<byte> head)
    {
        var start = head.IndexOf("\"bench-"u8);
        if (start < 0)
            return default;
        var name = head[(start + "\"bench-"u8.Length)..];
        var end = name.IndexOf((byte)'"');
        if (end < 0)
            return default;
        name = name[..end];
        var stream = head.IndexOf("\"stream\":true"u8) >= 0 || head.IndexOf("\"stream\": true"u8) >= 0;
        if (name.StartsWith("slow"u8))
            return new(true, stream, false, 1_000, Events(name, 60));
        if (name.StartsWith("paced"u8))
            return new(true, stream, false, 20, Events(name, 20));
        return new(true, stream, name.SequenceEqual("64k"u8), 0, name.StartsWith("stream"u8) ? Events(name, 20) : 20);
    }

    /// <summary>The number after the name, as in <c>bench-slow-15</c>.</summary>
    private static int Events(ReadOnlySpan<byte> name, int otherwise)
    {
        var dash = name.IndexOf((byte)'-');
        return dash >= 0 && Utf8Parser.TryParse(name[(dash + 1)..], out int events, out _) ? Math.Clamp(events, 1, StreamEvents.Most) : otherwise;
    }
}
