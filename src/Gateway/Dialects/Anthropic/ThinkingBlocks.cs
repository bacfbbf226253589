using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Reasoning as <c>thinking</c> and <c>redacted_thinking</c> blocks. Another vendor's proof travels wrapped in the block's signature, so that it
/// comes back with the client's next request; reasoning without proof has an empty signature.
/// </summary>
internal static class ThinkingBlocks
{
    /// <summary>Reads a <c>thinking</c> block.</summary>
    public static ReasoningPart Thinking(string text, string? signature, List<ExtraMember>? extras)
    {
        if (string.IsNullOrEmpty(signature))
            return new ReasoningPart { Text = text, Origin = ReasoningOrigin.Plain, Extras = extras };
        var (proof, origin) = ForeignSignature.Unwrap(signature, ReasoningOrigin.Anthropic);
        if (origin != ReasoningOrigin.OpenAi)
            return new ReasoningPart { Text = text, Signature = proof, Origin = origin, Extras = extras };
        var (id, encrypted) = SplitId(proof);
        return new ReasoningPart { Text = text, Encrypted = encrypted, Id = id, Origin = origin, Extras = extras };
    }

    /// <summary>Reads a <c>redacted_thinking</c> block.</summary>
    public static ReasoningPart Redacted(string data, List<ExtraMember>? extras)
    {
        var (proof, origin) = ForeignSignature.Unwrap(data, ReasoningOrigin.Anthropic);
        var (id, encrypted) = origin == ReasoningOrigin.OpenAi ? SplitId(proof) : (null, proof);
        return new ReasoningPart { Encrypted = encrypted, Id = id, Origin = origin, Extras = extras };
    }

    /// <summary>Whether the part is a <c>redacted_thinking</c> block: nothing to show.</summary>
    public static bool IsRedacted(ReasoningPart part) => part.Encrypted is not null && (part.Text.Length == 0 || part.Origin == ReasoningOrigin.Anthropic);

    /// <summary>Writes a block for a client.</summary>
    public static void Write(Utf8JsonWriter json, ReasoningPart part)
    {
        json.WriteStartObject();
        if (IsRedacted(part))
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteText("data"u8, Proof(part.Encrypted!, part.Id, part.Origin));
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteText("thinking"u8, part.Text);
            json.WriteText("signature"u8, Signature(part));
        }

        AnthropicExtras.Write(json, part.Extras, null);
        json.WriteEndObject();
    }

    /// <summary>The proof as a signature or as data of this wire.</summary>
    public static string Proof(string proof, string? id, ReasoningOrigin origin) =>
        ForeignSignature.Wrap(origin == ReasoningOrigin.OpenAi && id is not null ? $"{id}:{proof}" : proof, origin, ReasoningOrigin.Anthropic);

    private static string Signature(ReasoningPart part) =>
        part.Encrypted is { } encrypted ? Proof(encrypted, part.Id, part.Origin)
        : part.Signature is { Length: > 0 } signature && part.Origin is not (ReasoningOrigin.Plain or ReasoningOrigin.Unknown) ? Proof(signature, null, part.Origin)
        : "";

    // OpenAI's encrypted reasoning is an item with an id, which its wire wants back.
    private static (string? Id, string Proof) SplitId(string proof)
    {
        var colon = proof.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, proof) : (proof[..colon], proof[(colon + 1)..]);
    }
}
