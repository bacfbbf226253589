namespace Gateway.Admission.Roles;

/// <summary>What a permission reaches. Several may hold at once: a team admin who is a developer in another team.</summary>
[Flags]
internal enum PermissionScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The user that they are, and its keys.</summary>
    OwnUser = 1,

    /// <summary>The teams they belong to, with their users and keys.</summary>
    OwnTeams = 2,

    /// <summary>Everything.</summary>
    All = 4,
}
