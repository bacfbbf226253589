using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Writes the events of one stream and numbers its blocks.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer that is given to it holds nothing to give back.")]
internal sealed class AnthropicEventWriter(IAnthropicEventSink sink)
{
    private readonly ArrayBufferWriter<byte> _payload = new(512);
    private Utf8JsonWriter? _json;
    private int _block = -1;

    /// <summary>The message begins.</summary>
    public void MessageStart(IBufferWriter<byte> output, string id, string model, in TokenUsage usage)
    {
        var json = Begin("message_start"u8);
        json.WriteStartObject("message"u8);
        json.WriteText("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteText("model"u8, model);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        json.WriteStartObject("usage"u8);
        AnthropicUsage.WriteMembers(json, usage);
        json.WriteEndObject();
        json.WriteEndObject();
        Finish(output, "message_start"u8);
    }

    /// <summary>A text block begins.</summary>
    public void TextStart(IBufferWriter<byte> output)
    {
        var json = BeginBlock("text"u8);
        json.WriteString("text"u8, ""u8);
        FinishBlock(output);
    }

    /// <summary>A thinking block begins.</summary>
    public void ThinkingStart(IBufferWriter<byte> output)
    {
        var json = BeginBlock("thinking"u8);
        json.WriteString("thinking"u8, ""u8);
        json.WriteString("signature"u8, ""u8);
        FinishBlock(output);
    }

    /// <summary>A tool call begins.</summary>
    public void CallStart(IBufferWriter<byte> output, string id, string name)
    {
        var json = BeginBlock("tool_use"u8);
        json.WriteText("id"u8, id);
        json.WriteText("name"u8, name);
        json.WriteStartObject("input"u8);
        json.WriteEndObject();
        FinishBlock(output);
    }

    /// <summary>A whole redacted_thinking block.</summary>
    public void RedactedBlock(IBufferWriter<byte> output, string data)
    {
        var json = BeginBlock("redacted_thinking"u8);
        json.WriteText("data"u8, data);
        FinishBlock(output);
        BlockStop(output);
    }

    /// <summary>A piece of text.</summary>
    public void TextDelta(IBufferWriter<byte> output, string text) => Delta(output, "text_delta"u8, "text"u8, text);

    /// <summary>A piece of thinking.</summary>
    public void ThinkingDelta(IBufferWriter<byte> output, string text) => Delta(output, "thinking_delta"u8, "thinking"u8, text);

    /// <summary>The signature of the thinking.</summary>
    public void SignatureDelta(IBufferWriter<byte> output, string signature) => Delta(output, "signature_delta"u8, "signature"u8, signature);

    /// <summary>A piece of a tool's input.</summary>
    public void InputDelta(IBufferWriter<byte> output, string json) => Delta(output, "input_json_delta"u8, "partial_json"u8, json);

    /// <summary>A citation of the text.</summary>
    public void CitationDelta(IBufferWriter<byte> output, RawJson citation)
    {
        var json = BeginDelta("citations_delta"u8);
        json.WriteRaw("citation"u8, citation);
        json.WriteEndObject();
        Finish(output, "content_block_delta"u8);
    }

    /// <summary>The block ends.</summary>
    public void BlockStop(IBufferWriter<byte> output)
    {
        Begin("content_block_stop"u8).WriteNumber("index"u8, _block);
        Finish(output, "content_block_stop"u8);
    }

    /// <summary>Why the answer ended, and all usage: of the input too, which may have been learnt late.</summary>
    public void MessageDelta(IBufferWriter<byte> output, string stopReason, string? stopText, in TokenUsage usage)
    {
        var json = Begin("message_delta"u8);
        json.WriteStartObject("delta"u8);
        json.WriteString("stop_reason"u8, stopReason);
        if (stopText is null)
            json.WriteNull("stop_sequence"u8);
        else
            json.WriteText("stop_sequence"u8, stopText);
        json.WriteEndObject();
        json.WriteStartObject("usage"u8);
        AnthropicUsage.WriteMembers(json, usage);
        json.WriteEndObject();
        Finish(output, "message_delta"u8);
    }

    /// <summary>The message ends.</summary>
    public void MessageStop(IBufferWriter<byte> output)
    {
        Begin("message_stop"u8);
        Finish(output, "message_stop"u8);
    }

    /// <summary>A sign of life.</summary>
    public void Ping(IBufferWriter<byte> output)
    {
        Begin("ping"u8);
        Finish(output, "ping"u8);
    }

    private void Delta(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> member, string text)
    {
        var json = BeginDelta(type);
        json.WriteText(member, text);
        json.WriteEndObject();
        Finish(output, "content_block_delta"u8);
    }

    private Utf8JsonWriter BeginDelta(ReadOnlySpan<byte> type)
    {
        var json = Begin("content_block_delta"u8);
        json.WriteNumber("index"u8, _block);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        return json;
    }

    private Utf8JsonWriter BeginBlock(ReadOnlySpan<byte> type)
    {
        var json = Begin("content_block_start"u8);
        json.WriteNumber("index"u8, ++_block);
        json.WriteStartObject("content_block"u8);
        json.WriteString("type"u8, type);
        return json;
    }

    private void FinishBlock(IBufferWriter<byte> output)
    {
        _json!.WriteEndObject();
        Finish(output, "content_block_start"u8);
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        _payload.ResetWrittenCount();
        if (_json is null)
            _json = WireJson.Writer(_payload);
        else
            _json.Reset(_payload);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        return _json;
    }

    private void Finish(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        _json!.WriteEndObject();
        _json.Flush();
        // A line break in a value that was taken over as it came would end the frame; outside strings it is only white space.
        var payload = MemoryMarshal.AsMemory(_payload.WrittenMemory).Span;
        if (payload.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            payload.Replace((byte)'\n', (byte)' ');
            payload.Replace((byte)'\r', (byte)' ');
        }

        sink.Write(output, type, payload);
    }
}
