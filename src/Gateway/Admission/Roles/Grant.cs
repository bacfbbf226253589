using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>That a principal may do something, and how far that reaches.</summary>
/// <param name="Principal">Who.</param>
/// <param name="Scopes">What it reaches.</param>
internal sealed record Grant(Principal Principal, PermissionScopes Scopes)
{
    /// <summary>Whether it reaches everything.</summary>
    public bool IsUnlimited => Scopes.HasFlag(PermissionScopes.All);

    /// <summary>The grant of a permission; null: denied.</summary>
    public static Grant? Of(Principal principal, Permission permission) =>
        RolePolicy.ScopeOf(principal, permission) is var scopes and not PermissionScopes.None ? new Grant(principal, scopes) : null;

    /// <summary>Whether it reaches an entity, which need not be in the directory yet.</summary>
    public bool Covers(Entity entity, DirectorySnapshot directory)
    {
        if (IsUnlimited)
            return true;
        if (Scopes.HasFlag(PermissionScopes.OwnTeams) && TeamOf(entity, directory) is { } team && Principal.Teams.Contains(team))
            return true;
        return Scopes.HasFlag(PermissionScopes.OwnUser) && Principal.UserId is { } user && UserOf(entity) == user;
    }

    /// <summary>The team that an entity is, or belongs to, or null.</summary>
    public static string? TeamOf(Entity entity, DirectorySnapshot directory) => entity switch
    {
        Team => entity.Id,
        User user => user.Team,
        KeyEntity { User: { } user } => (directory.Find(EntityKind.User, user)?.Value as User)?.Team,
        KeyEntity key => key.Team,
        _ => null,
    };

    private static string? UserOf(Entity entity) => entity switch
    {
        User => entity.Id,
        KeyEntity key => key.User,
        _ => null,
    };
}
