using Gateway.Admission.Roles;

namespace Gateway.Tests.Admission.Roles;

public class RolePolicyTests
{
    private static readonly string[][] Table = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "roles.md"))
        .SkipWhile(line => !line.StartsWith("| permission |", StringComparison.Ordinal))
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];

    public static TheoryData<string, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, string>();
            foreach (var row in Table[2..])
            {
                for (var i = 2; i < row.Length; i++)
                    cells.Add(row[0].Trim('`'), Table[0][i], row[i]);
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void ScopeOf_EveryRoleAndPermission_IsWhatTheTableSays(string permission, string role, string scope)
    {
        var found = RolePolicy.ScopeOf(RoleNames.Parse(role)!.Value, Parse(permission));

        Assert.Equal(scope == "—" ? [] : [scope], RoleNames.Of(found));
    }

    [Fact]
    public void Table_HasEveryRoleAndPermission()
    {
        Assert.Equal(Enum.GetValues<Permission>().Select(RoleNames.Of), Table[2..].Select(row => row[0].Trim('`')));
        Assert.Equal(Enum.GetValues<Role>().Select(RoleNames.Of), Table[0][2..]);
    }

    [Fact]
    public void ScopeOf_NoRoles_IsOnlyWhoOneIs()
    {
        var nobody = new Principal("nobody", new HashSet<Role>());

        Assert.Equal([Permission.SelfView], Enum.GetValues<Permission>().Where(p => Grant.Of(nobody, p) is not null));
    }

    [Fact]
    public void ScopeOf_SeveralRoles_IsWhatAnyGives()
    {
        var both = new Principal("ann", new HashSet<Role> { Role.TeamAdmin, Role.Developer });

        Assert.Equal(PermissionScopes.OwnTeams | PermissionScopes.OwnUser, RolePolicy.ScopeOf(both, Permission.KeysChange));
        Assert.Equal(PermissionScopes.OwnTeams, RolePolicy.ScopeOf(both, Permission.UsersChange));
    }

    [Fact]
    public void ScopeOf_UnknownRoleOrPermission_IsNothing()
    {
        Assert.Equal(PermissionScopes.None, RolePolicy.ScopeOf((Role)99, Permission.KeysView));
        Assert.Equal(PermissionScopes.None, RolePolicy.ScopeOf(Role.Owner, (Permission)99));
        Assert.Null(RoleNames.Parse("TeamAdmin"));
    }

    private static Permission Parse(string word) => Enum.GetValues<Permission>().Single(p => RoleNames.Of(p) == word);
}
