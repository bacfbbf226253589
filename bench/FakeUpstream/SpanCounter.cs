using System.Buffers;

namespace FakeUpstream;

/// <summary>Counts the spans of an OTLP request without decoding them: resource_spans (2 deep: scope_spans, spans) are the fields looked into.</summary>
internal static class SpanCounter
{
    private const int LengthDelimited = 2;

    /// <summary>Fields to follow from the outermost message inwards: ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans.</summary>
    private static ReadOnlySpan<byte> Path => [1, 2, 2];

    /// <summary>Spans in an ExportTraceServiceRequest.</summary>
    /// <exception cref="InvalidDataException">It is not such a message.</exception>
    public static long Count(ReadOnlySequence<byte> message) =>
        Count(message.IsSingleSegment ? message.FirstSpan : message.ToArray(), Path);

    private static long Count(ReadOnlySpan<byte> message, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return 1;
        long count = 0;
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            if ((tag & 7) != LengthDelimited)
                throw new InvalidDataException($"A field of wire type {tag & 7} stands where OTLP has none.");
            var length = checked((int)Varint(ref message));
            if (tag >> 3 == path[0])
                count += Count(message[..length], path[1..]);
            message = message[length..];
        }

        return count;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[0];
            data = data[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
