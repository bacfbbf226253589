namespace Gateway.Protocol.Parts;

/// <summary>What a tool answered.</summary>
internal sealed class ToolResultPart : ContentPart
{
    /// <summary>The call it answers; empty when the wire has no ids.</summary>
    public required string CallId { get; init; }

    /// <summary>The tool's name where the wire says it, or null: look it up by <see cref="CallId"/> in the turns before.</summary>
    public string? Name { get; init; }

    /// <summary>Text, images and documents.</summary>
    public required List<ContentPart> Content { get; init; }

    /// <summary>Set when the wire gives the result as a JSON value (Gemini, Bedrock); <see cref="Content"/> then holds its text as well.</summary>
    public RawJson Json { get; init; }

    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }
}
