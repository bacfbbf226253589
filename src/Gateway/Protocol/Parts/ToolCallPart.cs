namespace Gateway.Protocol.Parts;

/// <summary>The model calls a tool.</summary>
internal sealed class ToolCallPart : ContentPart
{
    /// <summary>What links the result to the call; empty when the wire has no ids (the writer then makes one from the name and position).</summary>
    public required string Id { get; init; }

    /// <summary>The tool.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments as JSON text. Empty counts as <c>{}</c>; it may be invalid, for models make mistakes.</summary>
    public required string Arguments { get; init; }
}
