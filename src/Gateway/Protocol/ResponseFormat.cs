namespace Gateway.Protocol;

/// <summary>The form the answer's text must have. Plain text is the absence of a format.</summary>
internal sealed class ResponseFormat
{
    /// <summary>JSON Schema the answer must match; missing: any JSON object.</summary>
    public RawJson Schema { get; init; }

    /// <summary>Name of the schema, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What the schema is for, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the provider must hold the answer to the schema; null: the wire's default.</summary>
    public bool? Strict { get; init; }
}
