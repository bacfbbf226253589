using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Which parts can stand in which turn of this wire, and as what.</summary>
internal static class TurnRules
{
    /// <summary>Whether reasoning may be sent to a target: its own vendor's with its proof, or bare text to servers that sign nothing.</summary>
    public static bool Takes(ReasoningPart part, TargetTraits target, AnthropicModel model)
    {
        var vendor = target.Vendor == ReasoningOrigin.Unknown && model.IsClaude ? ReasoningOrigin.Anthropic : target.Vendor;
        var isSigned = part.Signature is { Length: > 0 } || part.Encrypted is not null;
        return vendor switch
        {
            ReasoningOrigin.Anthropic => part.Origin == ReasoningOrigin.Anthropic && isSigned,
            ReasoningOrigin.Plain => part.Origin == ReasoningOrigin.Plain && part.Text.Length > 0,
            // Another server of this wire, whoever's models it runs: what came over this wire goes back over it.
            ReasoningOrigin.Unknown => part.Origin == ReasoningOrigin.Anthropic ? isSigned : part.Origin == ReasoningOrigin.Plain && part.Text.Length > 0,
            _ => false,
        };
    }

    /// <summary>The part as it can stand in a turn, or null when it can't or says nothing.</summary>
    /// <exception cref="RequestFormatException">The request makes no sense without it.</exception>
    public static ContentPart? Fit(ContentPart part, ChatRole role, Place place, DroppedMembers dropped)
    {
        switch (part)
        {
            case TextPart text:
                if (!string.IsNullOrWhiteSpace(text.Text))
                    return part;
                // Blocks without a visible character are refused.
                if (part.Cache is not null)
                    dropped.Add(place.Of("cache_control"));
                return null;
            case RefusalPart refusal:
                return string.IsNullOrWhiteSpace(refusal.Text) ? null : new TextPart(refusal.Text) { Cache = part.Cache };
            case OpaquePart opaque when opaque.Whole.Origin == Operation.Messages:
                return part;
            case OpaquePart opaque:
                dropped.Add(opaque.Whole.Path);
                return null;
            case AudioPart { Transcript: { Length: > 0 } transcript }:
                dropped.Add($"{place} (audio; sent as text)");
                return new TextPart(transcript) { Cache = part.Cache };
            case AudioPart when role != ChatRole.Assistant:
                throw new RequestFormatException("Models of this provider take no audio input.", place.ToString());
            case VideoPart when role != ChatRole.Assistant:
                throw new RequestFormatException("Models of this provider take no video input.", place.ToString());
            default:
                if (Belongs(part, role))
                    return part;
                dropped.Add($"{place} ({Name(part)})");
                return null;
        }
    }

    private static bool Belongs(ContentPart part, ChatRole role) => role switch
    {
        ChatRole.Assistant => part is ToolCallPart or ReasoningPart,
        ChatRole.User or ChatRole.Tool => part is ImagePart or DocumentPart or ToolResultPart,
        _ => false,
    };

    private static string Name(ContentPart part) => part switch
    {
        ImagePart => "image",
        DocumentPart => "document",
        AudioPart => "audio",
        VideoPart => "video",
        ReasoningPart => "reasoning",
        ToolCallPart => "tool call",
        _ => "tool result",
    };
}
