namespace Gateway.Caching.Semantic;

/// <summary>Whose entries: what one tenant stored no other finds. There is no tenant without an id.</summary>
internal sealed record Tenant
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>Names a tenant.</summary>
    /// <param name="id">Not blank, at most <see cref="MaxLength"/> characters. Case counts.</param>
    /// <exception cref="ArgumentException">It is blank or too long.</exception>
    public Tenant(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (id.Length > MaxLength)
            throw new ArgumentException($"A tenant's id has at most {MaxLength} characters.", nameof(id));
        Id = id;
    }

    /// <summary>The id; never blank.</summary>
    public string Id { get; }
}
