using System.Buffers;
using System.Text;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>The bytes of one server-sent event, reused for every event of a reply.</summary>
internal sealed class EventFrame : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly Utf8JsonWriter _json;

    /// <summary>Makes an empty frame.</summary>
    public EventFrame() => _json = new Utf8JsonWriter(_bytes, JsonWriting.Options);

    /// <summary>The finished frame.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>The writer of the event that was begun.</summary>
    public Utf8JsonWriter Json => _json;

    /// <summary>Starts a data event; the caller writes its JSON.</summary>
    public Utf8JsonWriter Begin()
    {
        _bytes.ResetWrittenCount();
        _bytes.Write("data: "u8);
        _json.Reset();
        return _json;
    }

    /// <summary>Starts a named event; the caller writes its JSON.</summary>
    public Utf8JsonWriter Begin(string name)
    {
        _bytes.ResetWrittenCount();
        _bytes.Write("event: "u8);
        Encoding.ASCII.GetBytes(name, _bytes);
        _bytes.Write("\ndata: "u8);
        _json.Reset();
        return _json;
    }

    /// <summary>Ends the event.</summary>
    public ReplyStep End(ReplyStep step)
    {
        _json.Flush();
        _bytes.Write("\n\n"u8);
        return step;
    }

    /// <summary>A whole event of text that needn't be JSON.</summary>
    public void SetRaw(ReadOnlySpan<byte> data)
    {
        _bytes.ResetWrittenCount();
        _bytes.Write("data: "u8);
        _bytes.Write(data);
        _bytes.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
