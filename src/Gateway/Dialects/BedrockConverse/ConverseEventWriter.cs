using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes the events of a ConverseStream as messages of Amazon's event stream. One instance per stream: it keeps its buffer.</summary>
internal sealed class ConverseEventWriter
{
    private readonly ArrayBufferWriter<byte> _payload = new(512);

    /// <summary><c>messageStart</c>.</summary>
    public static void MessageStart(IBufferWriter<byte> output) =>
        AmazonEventStreamWriter.WriteEvent(output, "messageStart"u8, """{"role":"assistant"}"""u8);

    /// <summary><c>contentBlockStart</c>, which only tools and images have.</summary>
    public void BlockStart(IBufferWriter<byte> output, StreamBlock block)
    {
        using (var writer = Open(block.Index))
        {
            writer.WriteStartObject("start"u8);
            if (block.Kind == StreamPieceKind.Tool)
            {
                writer.WriteStartObject("toolUse"u8);
                writer.WriteText("toolUseId"u8, block.Id);
                writer.WriteText("name"u8, block.Name);
            }
            else
            {
                writer.WriteStartObject("image"u8);
                writer.WriteString("format"u8, block.Name);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        AmazonEventStreamWriter.WriteEvent(output, "contentBlockStart"u8, _payload.WrittenSpan);
    }

    /// <summary><c>contentBlockDelta</c>.</summary>
    public void Delta(IBufferWriter<byte> output, int index, StreamPiece piece)
    {
        using (var writer = Open(index))
        {
            writer.WriteStartObject("delta"u8);
            WritePiece(writer, piece);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        AmazonEventStreamWriter.WriteEvent(output, "contentBlockDelta"u8, _payload.WrittenSpan);
    }

    /// <summary><c>contentBlockStop</c>.</summary>
    public void BlockStop(IBufferWriter<byte> output, int index)
    {
        using (var writer = Open(index))
            writer.WriteEndObject();
        AmazonEventStreamWriter.WriteEvent(output, "contentBlockStop"u8, _payload.WrittenSpan);
    }

    /// <summary><c>messageStop</c>.</summary>
    public void MessageStop(IBufferWriter<byte> output, ReadOnlySpan<byte> stopReason, string? stopSequence)
    {
        _payload.ResetWrittenCount();
        using (var writer = WireJson.Writer(_payload))
        {
            writer.WriteStartObject();
            writer.WriteString("stopReason"u8, stopReason);
            if (stopSequence is not null)
            {
                writer.WriteStartObject("additionalModelResponseFields"u8);
                writer.WriteText("stop_sequence"u8, stopSequence);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        AmazonEventStreamWriter.WriteEvent(output, "messageStop"u8, _payload.WrittenSpan);
    }

    /// <summary><c>metadata</c>, the last event.</summary>
    public void Metadata(IBufferWriter<byte> output, TokenUsage usage)
    {
        _payload.ResetWrittenCount();
        using (var writer = WireJson.Writer(_payload))
        {
            writer.WriteStartObject();
            ConverseUsage.Write(writer, usage);
            ConverseReplyWriter.WriteMetrics(writer);
            writer.WriteEndObject();
        }

        AmazonEventStreamWriter.WriteEvent(output, "metadata"u8, _payload.WrittenSpan);
    }

    private Utf8JsonWriter Open(int index)
    {
        _payload.ResetWrittenCount();
        var writer = WireJson.Writer(_payload);
        writer.WriteStartObject();
        writer.WriteNumber("contentBlockIndex"u8, index);
        return writer;
    }

    private static void WritePiece(Utf8JsonWriter writer, StreamPiece piece)
    {
        switch (piece.Kind)
        {
            case StreamPieceKind.Text:
                writer.WriteText("text"u8, piece.Text);
                return;
            case StreamPieceKind.Citation:
                writer.WriteRaw("citation"u8, piece.Raw);
                return;
            case StreamPieceKind.Tool:
                writer.WriteStartObject("toolUse"u8);
                writer.WriteText("input"u8, piece.Text);
                break;
            case StreamPieceKind.Image:
                writer.WriteStartObject("image"u8);
                writer.WriteStartObject("source"u8);
                writer.WriteString("bytes"u8, piece.Text);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStartObject("reasoningContent"u8);
                writer.WriteText(
                    piece.Kind switch
                    {
                        StreamPieceKind.Signature => "signature"u8,
                        StreamPieceKind.Redacted => "redactedContent"u8,
                        _ => "text"u8,
                    },
                    piece.Text);
                break;
        }

        writer.WriteEndObject();
    }
}
