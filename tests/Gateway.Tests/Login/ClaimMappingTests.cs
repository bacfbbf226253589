using Gateway.Admission.Directory;
using Gateway.Admission.Roles;

namespace Gateway.Tests.Login;

public class ClaimMappingTests
{
    private static readonly RoleClaims Roles = new("groups", new Dictionary<string, Role> { ["owners"] = Role.Owner, ["leads"] = Role.TeamAdmin });

    [Fact]
    public void Map_ValuesThatAreMapped_AreRolesAndTeams()
    {
        var principal = new ClaimMapping(Roles, new TeamClaims("groups") { Prefix = "team-" }).Map(Who("leads", "team-search", "team-", "owner", "OWNERS"), Directory());
        Assert.Equal([Role.TeamAdmin], principal.Roles);
        Assert.Equal(["search"], principal.Teams);
    }

    [Fact]
    public void Map_NothingThatIsMapped_IsNobody()
    {
        Assert.Empty(new ClaimMapping(Roles, null).Map(Who("else"), Directory()).Roles);
        Assert.Empty(new ClaimMapping(null, null).Map(Who("owners"), Directory()).Roles);
    }

    [Theory]
    [InlineData("ann", null, "ann")]
    [InlineData("x", "Ann@Example.com", "mail")]
    [InlineData("x", null, null)]
    [InlineData("ann@example.com", null, "mail")]
    [InlineData("twice", null, null)]
    public void Map_Login_IsTheUserByItsSubjectOrItsAddress(string subject, string? email, string? expected)
    {
        var directory = Directory(
            new User { Id = "ann", Login = "ann", Team = "search" }, new User { Id = "mail", Login = "ann@example.com" },
            new User { Id = "one", Login = "twice" }, new User { Id = "two", Login = "twice" });
        var principal = new ClaimMapping(Roles, null).Map(new ClaimedIdentity("https://i", subject) { Email = email }, directory);
        Assert.Equal(expected, principal.UserId);
        Assert.Equal(expected == "ann" ? ["search"] : [], principal.Teams);
    }

    [Fact]
    public void Map_DisabledUser_KeepsOnlyRolesOverEverything() =>
        Assert.Equal([Role.Owner], new ClaimMapping(Roles, null).Map(Who("owners", "leads"), Directory(new User { Id = "a", Login = "sub", Disabled = true })).Roles);

    private static ClaimedIdentity Who(params string[] groups) =>
        new("https://i", "sub") { Claims = new Dictionary<string, IReadOnlyList<string>> { ["groups"] = groups } };

    private static DirectorySnapshot Directory(params User[] users) => DirectorySnapshot.Merge(1, users.Select(u => new EntityRecord(EntityKind.User, u, 1)), []);
}
