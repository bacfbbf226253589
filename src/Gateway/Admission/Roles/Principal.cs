namespace Gateway.Admission.Roles;

/// <summary>Who calls the admin API: a person who logged in, an automation with a token, or the holder of the admin key.</summary>
/// <param name="Id">Stable and safe to log: <c>admin-key</c>, or issuer and subject.</param>
/// <param name="Roles">What they may do.</param>
internal sealed record Principal(string Id, IReadOnlySet<Role> Roles)
{
    /// <summary>Name for people, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The user entity they are, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>Ids of the teams they belong to; what a team admin administers.</summary>
    public IReadOnlySet<string> Teams { get; init; } = new HashSet<string>();
}
