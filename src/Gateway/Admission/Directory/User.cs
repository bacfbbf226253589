namespace Gateway.Admission.Directory;

/// <summary>A person, or an application that counts as one.</summary>
internal sealed record User : Entity
{
    /// <summary>The team they belong to, or null.</summary>
    public string? Team { get; init; }

    /// <summary>The customer, where there is no team; else null.</summary>
    public string? Customer { get; init; }

    /// <summary>The subject of their login (<c>sub</c>) or an e-mail address that their login vouches for, or null.</summary>
    public string? Login { get; init; }
}
