using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes reasoning as <c>reasoning_content</c> and <c>reasoning_details</c>.</summary>
internal static class ChatReasoningWriter
{
    /// <summary>The <c>format</c> that names a vendor; null for reasoning nobody signs.</summary>
    public static string? FormatOf(ReasoningOrigin origin) => origin switch
    {
        ReasoningOrigin.Anthropic => "anthropic-claude-v1",
        ReasoningOrigin.Gemini => "google-gemini-v1",
        ReasoningOrigin.OpenAi => "openai-responses-v1",
        ReasoningOrigin.Unknown => "unknown",
        _ => null,
    };

    /// <summary>The call that a part signs, when it is Google's signature of the next tool call; otherwise null.</summary>
    public static ToolCallPart? SignedCall(IReadOnlyList<ContentPart> parts, int at)
    {
        if (parts[at] is not ReasoningPart { Origin: ReasoningOrigin.Gemini, Signature: not null, Text: "" })
            return null;
        for (var i = at + 1; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case ToolCallPart call:
                    return call;
                case ReasoningPart { Origin: ReasoningOrigin.Gemini, Signature: not null, Text: "" }:
                    return null; // the call has its own
            }
        }

        return null;
    }

    /// <summary>Google's signature of a call, or null.</summary>
    public static string? SignatureOf(IReadOnlyList<ContentPart> parts, ToolCallPart call)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (ReferenceEquals(SignedCall(parts, i), call))
                return ((ReasoningPart)parts[i]).Signature;
        }

        return null;
    }

    /// <summary>Writes the text of all reasoning as one member, unless there is none.</summary>
    public static void WriteText(Utf8JsonWriter json, IReadOnlyList<ContentPart> parts, bool evenEmpty = false)
    {
        var text = string.Concat(parts.OfType<ReasoningPart>().Select(p => p.Text));
        if (text.Length > 0 || evenEmpty)
            json.WriteText("reasoning_content"u8, text);
    }

    /// <summary>Writes <c>reasoning_details</c>, unless plain text says all.</summary>
    /// <param name="json">In the message.</param>
    /// <param name="parts">The whole turn.</param>
    /// <param name="include">Which of its reasoning.</param>
    /// <param name="idOf">The ids of calls as they are written.</param>
    public static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<ContentPart> parts, Func<ReasoningPart, bool> include, Func<ToolCallPart, string> idOf)
    {
        if (!parts.Any(p => p is ReasoningPart { Origin: not ReasoningOrigin.Plain } reasoning && include(reasoning)))
            return;
        json.WriteStartArray("reasoning_details"u8);
        var (index, position) = (0, 0);
        ContentPart? before = null;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ReasoningPart reasoning)
            {
                if (include(reasoning))
                    WriteDetail(json, reasoning, index++, position, SignedCall(parts, i) is { } call ? idOf(call) : null);
                continue;
            }

            if (parts[i] is not TextPart || before is not TextPart)
                position++;
            before = parts[i];
        }

        json.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter json, ReasoningPart part, int index, int position, string? signedCall)
    {
        if (signedCall is not null)
        {
            WriteSigned(json, part.Signature!, signedCall, index);
            return;
        }

        var hasText = part.Text.Length > 0 || part.Signature is not null || part.Encrypted is null;
        if (hasText)
        {
            var isSummary = part.Origin == ReasoningOrigin.OpenAi;
            json.WriteStartObject();
            json.WriteString("type"u8, isSummary ? "reasoning.summary"u8 : "reasoning.text"u8);
            json.WriteText(isSummary ? "summary"u8 : "text"u8, part.Text);
            if (part.Signature is { } signature)
                json.WriteText("signature"u8, signature);
            WriteRest(json, part, index, position);
        }

        if (part.Encrypted is { } data)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "reasoning.encrypted"u8);
            json.WriteText("data"u8, data);
            WriteRest(json, part, index, hasText ? 0 : position);
        }
    }

    /// <summary>Writes the detail that is Google's signature of a tool call.</summary>
    public static void WriteSigned(Utf8JsonWriter json, string signature, string call, int index)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning.encrypted"u8);
        json.WriteText("data"u8, signature);
        json.WriteString("format"u8, "google-gemini-v1"u8);
        json.WriteText("id"u8, call);
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    /// <summary>Writes <c>extra_content</c> of a tool call, which is where Google has its signature.</summary>
    public static void WriteExtraContent(Utf8JsonWriter json, string signature)
    {
        json.WriteStartObject("extra_content"u8);
        json.WriteStartObject("google"u8);
        json.WriteText("thought_signature"u8, signature);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, ReasoningPart part, int index, int position)
    {
        if (FormatOf(part.Origin) is { } format)
            json.WriteString("format"u8, format);
        if (part.Id is { } id)
            json.WriteText("id"u8, id);
        json.WriteNumber("index"u8, index);
        if (position > 0)
            json.WriteNumber("position"u8, position);
        json.WriteEndObject();
    }
}
