namespace Gateway.Admission.Directory;

/// <summary>A virtual key. Its value is shown once, when it is made or rotated, and kept only as keyed hashes.</summary>
internal sealed record KeyEntity : Entity
{
    /// <summary>The user it belongs to, or null. At most one of user, team and customer is written; the rest follows.</summary>
    public string? User { get; init; }

    /// <summary>The team, where there is no user; else null.</summary>
    public string? Team { get; init; }

    /// <summary>The customer, where there is neither; else null.</summary>
    public string? Customer { get; init; }

    /// <summary>Its values: one, and while it is rotated with overlap the earlier one too.</summary>
    public IReadOnlyList<KeyHash> Hashes { get; init; } = [];

    /// <summary>When it is refused from; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Networks in CIDR notation that it may be used from; empty: any.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Names of the routes it may use besides <see cref="Entity.Models"/>; null: those that the models allow.</summary>
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>Tags that routing rules may ask for; at most 8.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Globs over MCP tools it may call; null: none. Kept: nothing serves tools yet.</summary>
    public IReadOnlyList<string>? McpTools { get; init; }

    /// <summary>The guardrail profile for its requests, or null. Kept: nothing checks by it yet.</summary>
    public string? GuardrailProfile { get; init; }

    /// <summary>The cache policy for its requests, or null. Kept: nothing is cached yet.</summary>
    public string? CachePolicy { get; init; }
}
