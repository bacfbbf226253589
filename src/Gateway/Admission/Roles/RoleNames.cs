using System.Text.Json;

namespace Gateway.Admission.Roles;

/// <summary>Words for roles, permissions and scopes, as configuration, API and documentation have them: <c>team-admin</c>, <c>keys-change</c>, <c>own-teams</c>.</summary>
internal static class RoleNames
{
    /// <summary>The word for a role.</summary>
    public static string Of(Role role) => Word(role.ToString());

    /// <summary>The word for a permission.</summary>
    public static string Of(Permission permission) => Word(permission.ToString());

    /// <summary>The words for scopes, the widest first.</summary>
    public static IEnumerable<string> Of(PermissionScopes scopes)
    {
        foreach (var scope in (PermissionScopes[])[PermissionScopes.All, PermissionScopes.OwnTeams, PermissionScopes.OwnUser])
        {
            if (scopes.HasFlag(scope))
                yield return Word(scope.ToString());
        }
    }

    /// <summary>The role of a word, or null.</summary>
    public static Role? Parse(string? word)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            if (Of(role) == word)
                return role;
        }

        return null;
    }

    private static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
