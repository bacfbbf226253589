namespace Gateway.Admission.Roles;

/// <summary>Which role may do what, and how far it reaches. What is not written here is denied.</summary>
internal static class RolePolicy
{
    private const PermissionScopes All = PermissionScopes.All;
    private const PermissionScopes Teams = PermissionScopes.OwnTeams;
    private const PermissionScopes User = PermissionScopes.OwnUser;

    /// <summary>What a role's permission reaches.</summary>
    public static PermissionScopes ScopeOf(Role role, Permission permission) => permission switch
    {
        Permission.SelfView => All,
        Permission.CustomersView => role is Role.Owner or Role.Admin or Role.Operator or Role.Auditor ? All : default,
        Permission.CustomersChange => role is Role.Owner or Role.Admin ? All : default,
        Permission.TeamsView => Seen(role, Teams, default),
        Permission.TeamsChange => role is Role.Owner or Role.Admin ? All : default,
        Permission.UsersView => Seen(role, Teams, User),
        Permission.UsersChange => Changed(role, Teams, default),
        Permission.KeysView => Seen(role, Teams, User),
        Permission.KeysChange => Changed(role, Teams, User),
        Permission.BudgetsView => Seen(role, Teams, User),
        Permission.ProvidersView or Permission.RoutesView or Permission.PricesView => Seen(role, default, default),
        Permission.LedgerView => Seen(role, Teams, User),
        Permission.AuditView => Seen(role, default, default),
        Permission.AuditExport => role is Role.Owner or Role.Admin or Role.Auditor ? All : default,
        Permission.RolesChange => role is Role.Owner ? All : default,
        Permission.Run => role is Role.Owner or Role.Admin or Role.Operator ? All : default,
        _ => default,
    };

    /// <summary>What a principal's permission reaches: what any of their roles gives.</summary>
    public static PermissionScopes ScopeOf(Principal principal, Permission permission)
    {
        if (permission == Permission.SelfView)
            return All;
        var scopes = PermissionScopes.None;
        foreach (var role in principal.Roles)
            scopes |= ScopeOf(role, permission);
        return scopes;
    }

    private static PermissionScopes Seen(Role role, PermissionScopes teamAdmin, PermissionScopes developer) => role switch
    {
        Role.Owner or Role.Admin or Role.Operator or Role.Auditor => All,
        Role.TeamAdmin => teamAdmin,
        Role.Developer => developer,
        _ => default,
    };

    private static PermissionScopes Changed(Role role, PermissionScopes teamAdmin, PermissionScopes developer) => role switch
    {
        Role.Owner or Role.Admin => All,
        Role.TeamAdmin => teamAdmin,
        Role.Developer => developer,
        _ => default,
    };
}
