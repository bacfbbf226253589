namespace Gateway.Admission.Roles;

/// <summary>Which values of a claim stand for which teams.</summary>
/// <param name="Claim">The claim's name.</param>
internal sealed record TeamClaims(string Claim)
{
    /// <summary>Team ids by value, in the order written; empty when <see cref="Prefix"/> says it.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Map { get; init; } = [];

    /// <summary>What stands before the team's id in a value; null when <see cref="Map"/> says it.</summary>
    public string? Prefix { get; init; }

    /// <summary>The teams of an identity, each once: in the map's order, else in that of the values.</summary>
    public IReadOnlyList<string> Of(ClaimedIdentity who)
    {
        var values = who.Values(Claim);
        var teams = Prefix is { } prefix
            ? values.Where(v => v.Length > prefix.Length && v.StartsWith(prefix, StringComparison.Ordinal)).Select(v => v[prefix.Length..])
            : Map.Where(m => values.Contains(m.Key)).SelectMany(m => m.Value);
        return [.. teams.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether a value means anything here.</summary>
    public bool Mentions(string value) => Prefix is { } prefix ? value.StartsWith(prefix, StringComparison.Ordinal) : Map.Any(m => m.Key == value);
}
