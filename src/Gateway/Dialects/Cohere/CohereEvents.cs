using System.Buffers;
using System.Text.Json;

namespace Gateway.Dialects.Cohere;

/// <summary>Writes the frames of Cohere's stream: an event name, and the same as the <c>type</c> of the data.</summary>
internal static class CohereEvents
{
    /// <summary>What ends a frame.</summary>
    public static ReadOnlySpan<byte> End => "\n\n"u8;

    /// <summary>Writes an event that has only an index.</summary>
    public static void WriteBare(IBufferWriter<byte> output, ReadOnlySpan<byte> type, int index)
    {
        using (var json = Begin(output, type, index))
            json.WriteEndObject();
        output.Write(End);
    }

    /// <summary>Opens an event. The caller adds members, closes the object, disposes the writer and writes <see cref="End"/>.</summary>
    public static Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type, int? index = null)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        if (index is { } number)
            json.WriteNumber("index"u8, number);
        return json;
    }

    /// <summary>Opens an event down to its <c>delta.message</c>.</summary>
    public static Utf8JsonWriter BeginDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> type, int index)
    {
        var json = Begin(output, type, index);
        json.WriteStartObject("delta"u8);
        json.WriteStartObject("message"u8);
        return json;
    }

    /// <summary>Closes what <see cref="BeginDelta"/> opened.</summary>
    public static void EndDelta(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
