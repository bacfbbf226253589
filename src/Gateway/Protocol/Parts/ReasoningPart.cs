namespace Gateway.Protocol.Parts;

/// <summary>
/// The model's reasoning. With a signature and no text it signs the next tool call of the turn or, when there is none, the text
/// (Gemini puts its signatures there).
/// </summary>
internal sealed class ReasoningPart : ContentPart
{
    /// <summary>What it thought, possibly a summary; empty when that is not told.</summary>
    public string Text { get; init; } = "";

    /// <summary>What proves the reasoning to the vendor it came from (Anthropic's signature, Gemini's thoughtSignature), or null.</summary>
    public string? Signature { get; init; }

    /// <summary>Reasoning only the vendor can read (Anthropic's redacted_thinking, OpenAI's encrypted_content), or null.</summary>
    public string? Encrypted { get; init; }

    /// <summary>The item's id on the wire it came from, or null.</summary>
    public string? Id { get; init; }

    /// <summary>Whose reasoning it is.</summary>
    public ReasoningOrigin Origin { get; init; }
}
