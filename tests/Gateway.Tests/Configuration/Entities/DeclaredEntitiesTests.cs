using Gateway.Admission.Directory;

namespace Gateway.Tests.Configuration.Entities;

public class DeclaredEntitiesTests
{
    [Fact]
    public void Build_WholeHierarchy_BecomesFileManagedEntities()
    {
        var snapshot = Configured.Snapshot(
            """
            { "customers": { "acme": { "models": ["*"], "weight": 3 } }, "teams": { "search": { "customer": "acme" } },
              "users": { "ann": { "team": "search", "login": "ann@acme.test" } },
              "keys": [ { "id": "Ann-1", "value": "env:K", "user": "ann", "maxParallel": 2 } ] }
            """,
            ("K", "vk"));
        Assert.Equal([(EntityKind.Customer, "acme"), (EntityKind.Team, "search"), (EntityKind.User, "ann"), (EntityKind.Key, "Ann-1")], snapshot.Entities.Select(e => (e.Kind, e.Value.Id)));
        Assert.All(snapshot.Entities, e => Assert.True(e.IsFileManaged));
        Assert.Equal(Configured.Hash("vk"), Assert.Single(((KeyEntity)snapshot.Entities[3].Value).Hashes).Hash);
    }

    [Theory]
    [InlineData("""{ "teams": { "a": { "customer": "b" } } }""", "$.teams.a.customer", "does not exist")]
    [InlineData("""{ "users": { "a": { "login": "x" }, "b": { "login": "x" } } }""", "$.users.b.login", "already the login of the user \"a\"")]
    [InlineData("""{ "teams": { "t": {} }, "keys": [ { "id": "a", "value": "env:K", "team": "t" } ] }""", "$.keys[0].models", "at a level above")]
    [InlineData("""{ "teams": { "t": { "models": ["nothing"] } } }""", "$.teams.t.models[0]", "nothing answers")]
    [InlineData("""{ "teams": { "t": { "providers": ["opena"] } } }""", "$.teams.t.providers[0]", "not enabled")]
    [InlineData("""{ "keys": [ { "id": "a", "value": "env:K", "routes": ["r"] } ] }""", "$.keys[0].routes[0]", "which does not exist")]
    [InlineData("""{ "customers": { "a b": {} } }""", "$.customers['a b']", "has a name that")]
    [InlineData("""{ "server": { "trustedProxies": ["10.1.0.0/8"] } }""", "$.server.trustedProxies[0]", "10.0.0.0/8")]
    public void Build_OneMistake_IsReportedWithItsPath(string json, string path, string message)
    {
        var problem = Configured.Problem(json, ("K", "vk"));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }
}
