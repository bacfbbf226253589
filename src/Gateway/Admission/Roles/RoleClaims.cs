namespace Gateway.Admission.Roles;

/// <summary>Which values of a claim give which role.</summary>
/// <param name="Claim">The claim's name.</param>
/// <param name="Map">Role by value.</param>
internal sealed record RoleClaims(string Claim, IReadOnlyDictionary<string, Role> Map)
{
    /// <summary>The roles that an identity is given; none: no access.</summary>
    public IReadOnlySet<Role> Of(ClaimedIdentity who)
    {
        var roles = new HashSet<Role>();
        foreach (var value in who.Values(Claim))
        {
            if (Map.TryGetValue(value, out var role))
                roles.Add(role);
        }

        return roles;
    }
}
