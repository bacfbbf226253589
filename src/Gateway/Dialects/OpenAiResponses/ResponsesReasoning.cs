using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>
/// Reasoning items. OpenAI's <c>encrypted_content</c> travels as it is; for reasoning of others it holds their signature or closed block,
/// wrapped, so that the history a client sends back says whose it was.
/// </summary>
internal static class ResponsesReasoning
{
    // Stands before closed blocks; signatures are base64 and never have a colon.
    private const string Closed = "encrypted:";

    /// <summary>The <c>encrypted_content</c> for reasoning, or null when there is nothing to keep.</summary>
    public static string? Wrap(ReasoningOrigin origin, string? signature, string? encrypted) => origin == ReasoningOrigin.OpenAi
        ? encrypted
        : ForeignSignature.Wrap(encrypted is null ? signature ?? "" : Closed + encrypted, origin, ReasoningOrigin.OpenAi);

    /// <summary>Reads an item.</summary>
    public static ReasoningPart Read(JsonElement item)
    {
        var text = new StringBuilder();
        Append(text, item.Get("summary"u8));
        var isOpen = Append(text, item.Get("content"u8));
        var id = item.Text("id"u8);
        if (item.Text("encrypted_content"u8) is not { Length: > 0 } content)
            return new ReasoningPart { Text = text.ToString(), Id = id, Origin = isOpen ? ReasoningOrigin.Plain : ReasoningOrigin.Unknown };
        var (inner, origin) = ForeignSignature.Unwrap(content, ReasoningOrigin.OpenAi);
        if (origin == ReasoningOrigin.OpenAi)
            return new ReasoningPart { Text = text.ToString(), Id = id, Encrypted = inner, Origin = origin };
        return inner.StartsWith(Closed, StringComparison.Ordinal)
            ? new ReasoningPart { Text = text.ToString(), Encrypted = inner[Closed.Length..], Origin = origin }
            : new ReasoningPart { Text = text.ToString(), Signature = inner.Length == 0 ? null : inner, Origin = origin };
    }

    /// <summary>Writes an item to a provider that made it.</summary>
    public static void Write(Utf8JsonWriter json, ReasoningPart part)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        if (part.Id is { } id)
            json.WriteText("id"u8, id);
        json.WriteStartArray("summary"u8);
        if (part.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteText("text"u8, part.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteText("encrypted_content"u8, part.Encrypted!);
        json.WriteEndObject();
    }

    /// <returns>Whether there was any text.</returns>
    private static bool Append(StringBuilder text, JsonElement parts)
    {
        var any = false;
        if (parts.ValueKind != JsonValueKind.Array)
            return false;
        foreach (var part in parts.EnumerateArray())
        {
            if (part.Text("text"u8) is not { Length: > 0 } piece)
                continue;
            if (text.Length > 0)
                text.Append("\n\n");
            text.Append(piece);
            any = true;
        }

        return any;
    }
}
