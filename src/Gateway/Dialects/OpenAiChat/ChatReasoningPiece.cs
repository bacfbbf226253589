using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>One block of reasoning as it is gathered from a message.</summary>
internal sealed class ChatReasoningPiece
{
    /// <summary>The block's number, or null.</summary>
    public long? Index { get; init; }

    /// <summary>How many parts of the answer (its text counting as one, each tool call as one) stand before it.</summary>
    public int Position { get; init; }

    /// <summary>What was thought.</summary>
    public string Text { get; set; } = "";

    /// <summary>Its signature, or null.</summary>
    public string? Signature { get; set; }

    /// <summary>What only the vendor can read, or null.</summary>
    public string? Encrypted { get; set; }

    /// <summary>The item's id; for Google's signatures the id of the tool call that is signed.</summary>
    public string? Id { get; set; }

    /// <summary>The vendor's format, or null.</summary>
    public string? Format { get; set; }

    /// <summary>Whether nothing more can belong to it.</summary>
    public bool IsClosed => Signature is not null || Encrypted is not null;

    /// <summary>Whether it is Google's signature of something else, without text of its own.</summary>
    public bool IsGoogleSignature => Encrypted is not null && Text.Length == 0 && ChatReasoningReader.OriginOf(Format) == ReasoningOrigin.Gemini;

    /// <summary>The part it is.</summary>
    public ReasoningPart ToPart()
    {
        var origin = ChatReasoningReader.OriginOf(Format);
        if (Format is null && IsClosed)
            origin = ReasoningOrigin.Unknown; // signed, but by whom is not said
        return IsGoogleSignature
            ? new ReasoningPart { Signature = Encrypted, Origin = origin }
            : new ReasoningPart { Text = Text, Signature = Signature, Encrypted = Encrypted, Id = Id, Origin = origin };
    }
}
