namespace Gateway.Protocol;

/// <summary>A function the model may call.</summary>
internal sealed class ToolDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, or null.</summary>
    public string? Description { get; init; }

    /// <summary>JSON Schema of the arguments; missing when it takes none.</summary>
    public RawJson Parameters { get; init; }

    /// <summary>Whether the provider must hold the arguments to the schema; null: the wire's default.</summary>
    public bool? Strict { get; init; }

    /// <summary>A prompt-cache marker after this tool, or null.</summary>
    public CacheMark? Cache { get; init; }

    /// <summary>Set for a tool that only its own wire knows (web search, code execution…): the whole definition; the other members are then only for reports.</summary>
    public ExtraMember? Native { get; init; }

    /// <summary>Members of the tool that only its own wire knows.</summary>
    public List<ExtraMember>? Extras { get; init; }
}
