namespace Gateway.Admission.Roles;

/// <summary>What an issuer that is trusted says about a person or an application. Immutable; nothing in it is secret.</summary>
/// <param name="Issuer">The issuer, as configured.</param>
/// <param name="Subject">Who, in the issuer's own terms; stable.</param>
internal sealed record ClaimedIdentity(string Issuer, string Subject)
{
    private static readonly IReadOnlyList<string> None = [];

    /// <summary>Name for people, or null.</summary>
    public string? Name { get; init; }

    /// <summary>An e-mail address that the issuer vouches for, or null.</summary>
    public string? Email { get; init; }

    /// <summary>The values of the claims that mappings look at.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Unique over all issuers, and safe to log.</summary>
    public string Id => $"{Issuer}#{Subject}";

    /// <summary>The values of a claim; none when it is missing.</summary>
    public IReadOnlyList<string> Values(string claim) => Claims.GetValueOrDefault(claim) ?? None;
}
