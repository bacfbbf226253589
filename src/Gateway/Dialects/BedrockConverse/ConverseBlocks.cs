using System.Buffers.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Content blocks that look the same in requests and replies.</summary>
internal static class ConverseBlocks
{
    /// <summary><c>{"text":…}</c>.</summary>
    public static void Text(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        writer.WriteEndObject();
    }

    /// <summary>Text with citations of this wire's form.</summary>
    public static void CitedText(Utf8JsonWriter writer, TextPart part)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("citationsContent"u8);
        writer.WriteStartArray("content"u8);
        Text(writer, part.Text);
        writer.WriteEndArray();
        writer.WriteRaw("citations"u8, part.Citations);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary><c>{"cachePoint":…}</c>.</summary>
    public static void CachePoint(Utf8JsonWriter writer, string? ttl)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint"u8);
        writer.WriteString("type"u8, "default"u8);
        if (ttl is not null)
            writer.WriteString("ttl"u8, ttl);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>An image, a video or audio.</summary>
    public static void Media(Utf8JsonWriter writer, ReadOnlySpan<byte> kind, string format, MediaSource source, List<ExtraMember>? extras)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("format"u8, format);
        Source(writer, source, extras);
        ConverseExtras.Write(writer, extras);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The <c>source</c> of media or a document.</summary>
    public static void Source(Utf8JsonWriter writer, MediaSource source, List<ExtraMember>? extras)
    {
        writer.WriteStartObject("source"u8);
        if (source.Url is { } uri)
        {
            writer.WriteStartObject("s3Location"u8);
            writer.WriteText("uri"u8, uri);
            if (extras?.Find(extra => extra is { Origin: Operation.Converse, Name: ConverseExtras.BucketOwner }) is { } owner)
                writer.WriteRaw("bucketOwner"u8, owner.Value);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("bytes"u8, source.Data ?? "");
        }

        writer.WriteEndObject();
    }

    /// <summary>A call of a tool.</summary>
    public static void ToolUse(Utf8JsonWriter writer, string id, ToolCallPart call)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolUse"u8);
        writer.WriteText("toolUseId"u8, id);
        writer.WriteText("name"u8, call.Name);
        writer.WritePropertyName("input"u8);
        Input(writer, call.Arguments);
        ConverseExtras.Write(writer, call.Extras);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reasoning of Claude's, as its vendor signed it.</summary>
    public static void OwnReasoning(Utf8JsonWriter writer, ReasoningPart part)
    {
        if (part.Encrypted is { } encrypted)
            Redacted(writer, encrypted);
        else
            ReasoningText(writer, part.Text, part.Signature);
    }

    /// <summary>Reasoning for a client, whoever's it is; signatures of other vendors are wrapped.</summary>
    public static void ReasoningForClient(Utf8JsonWriter writer, ReasoningPart part)
    {
        if (part.Encrypted is { } encrypted && part.Text.Length == 0)
            Redacted(writer, RedactedText(encrypted, part.Origin));
        else
            ReasoningText(writer, part.Text, (part.Signature ?? part.Encrypted) is { } sign ? ForeignSignature.Wrap(sign, part.Origin, ReasoningOrigin.Anthropic) : null);
    }

    /// <summary>What stands in <c>redactedContent</c>, which must be base64.</summary>
    public static string RedactedText(string encrypted, ReasoningOrigin origin) =>
        ForeignSignature.Wrap(encrypted, origin, Base64.IsValid(encrypted) ? ReasoningOrigin.Anthropic : ReasoningOrigin.Unknown);

    private static void ReasoningText(Utf8JsonWriter writer, string text, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteStartObject("reasoningText"u8);
        writer.WriteText("text"u8, text);
        if (signature is not null)
            writer.WriteText("signature"u8, signature);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Redacted(Utf8JsonWriter writer, string base64)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteText("redactedContent"u8, base64);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Arguments as an object. Models make mistakes: what is no JSON object is wrapped in one, so that the model sees what it said.</summary>
    private static void Input(Utf8JsonWriter writer, string arguments)
    {
        if (WireJson.ValueOf(arguments) is { } value && value.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteText("invalid_arguments"u8, arguments);
        writer.WriteEndObject();
    }
}
