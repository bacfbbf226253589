using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>What the claims of a login or a token amount to here. Without a mapped role there is no access.</summary>
/// <param name="Roles">Roles by claim; null: nobody has any.</param>
/// <param name="Teams">Teams by claim; null: the team of the user whose login it is.</param>
internal sealed record ClaimMapping(RoleClaims? Roles, TeamClaims? Teams)
{
    private readonly UserLogins _logins = new();

    /// <summary>The principal; its roles may be none. A disabled user keeps only what team admins cannot take away: the roles over everything.</summary>
    public Principal Map(ClaimedIdentity who, DirectorySnapshot directory)
    {
        var user = _logins.Find(directory, who);
        var roles = Roles?.Of(who) ?? new HashSet<Role>();
        if (user is { Disabled: true })
            roles = roles.Where(r => r is not (Role.TeamAdmin or Role.Developer)).ToHashSet();
        return new Principal(who.Id, roles)
        {
            Name = who.Name ?? user?.Name,
            UserId = user?.Id,
            Teams = Teams is not null ? Teams.Of(who).ToHashSet(StringComparer.Ordinal) : user?.Team is { } team ? new HashSet<string> { team } : new HashSet<string>(),
        };
    }

    /// <summary>Whether a value of a claim means anything here: the others need not be kept.</summary>
    public bool Mentions(string claim, string value) =>
        (Roles?.Claim == claim && Roles.Map.ContainsKey(value)) || (Teams?.Claim == claim && Teams.Mentions(value));
}
