namespace Gateway.Tests.Configuration;

public class EnvironmentOverridesTests
{
    [Fact]
    public void Apply_KnownNamesInAnyCase_OverrideTheFile()
    {
        var build = Configured.Build(
            """{ "limits": { "maxConcurrentRequests": 5 }, "routes": { "my-route": { "targets": ["simulator/a"] } } }""",
            ("GATEWAY__LIMITS__MAXCONCURRENTREQUESTS", "100"),
            ("gateway__server__urls", "http://0.0.0.0:80, http://[::]:81"),
            ("GATEWAY__TIMEOUTS__IDLE", "2.5"),
            ("GATEWAY__SIMULATOR__ENABLED", "True"),
            ("GATEWAY__PROVIDERS__GITHUB_MODELS__APIKEY", "env:TOKEN"),
            ("GATEWAY__ROUTES__MY_ROUTE__TARGETS__1", "simulator/b"),
            ("GATEWAY__KEYS__0__ID", "ci"),
            ("GATEWAY__KEYS__0__VALUE", "env:CI_KEY"),
            ("GATEWAY__KEYS__0__MODELS", "*"),
            ("TOKEN", "t"),
            ("CI_KEY", "vk"));

        Assert.Empty(build.Problems);
        Assert.Equal(100, build.Config!.Limits.MaxConcurrentRequests);
        Assert.Equal(["http://0.0.0.0:80", "http://[::]:81"], build.Config.Server.Urls);
        Assert.Equal(2.5, build.Config.Timeouts.Idle!.Value.TotalSeconds);
        Assert.Equal(["github-models", "simulator"], build.Providers.Select(p => p.Snapshot.Id));
        Assert.Equal(["simulator/a", "simulator/b"], build.Config.Routes[0].Targets.Select(t => t.Address));
        Assert.Equal("ci", Assert.Single(build.Snapshot!.Entities).Value.Id);
    }

    [Fact]
    public void Apply_ShortAndLongForms_BothAreReached()
    {
        var build = Configured.Build(
            """{ "routes": { "r": { "targets": ["simulator/a", "simulator/b"] } } }""",
            ("GATEWAY__ROUTES__R__TARGETS__1__TARGET", "simulator/c"),
            ("GATEWAY__ROUTES__R__TARGETS__1__MAXCONCURRENCY", "7"),
            ("GATEWAY__ROUTES__R__AFFINITY__HEADER", "x-session"),
            ("GATEWAY__ROUTES__S__TARGETS", "simulator/a,simulator/b"),
            ("GATEWAY__ROUTES__S__AFFINITY", "key"));
        Assert.Empty(build.Problems);
        var (r, s) = (build.Config!.Routes[0], build.Config.Routes[1]);
        Assert.Equal([("simulator/a", null), ("simulator/c", (int?)7)], r.Targets.Select(t => (t.Address, t.MaxConcurrency)));
        Assert.Equal("x-session", r.AffinityHeader);
        Assert.Equal((2, Gateway.Routing.Policies.AffinityPolicy.Key), (s.Targets.Count(), s.Affinity));
    }

    [Theory]
    [InlineData("GATEWAY__LIMITS__MAXCONCURENTREQUESTS", "1", "did you mean \"MAXCONCURRENTREQUESTS\"?")]
    [InlineData("GATEWAY__LIMITS", "1", "names a section")]
    [InlineData("GATEWAY__LIMITS__MAXREPLYBYTES__X", "1", "inside a plain value")]
    [InlineData("GATEWAY__LIMITS__MAXREPLYBYTES", "many", "whole number")]
    [InlineData("GATEWAY__KEYS__3__ID", "a", "0 to 0")]
    [InlineData("GATEWAY__", "a", "is not a setting")]
    [InlineData("GATEWAY__PROVIDERS__OPENAI__BASEURL", "ftp://x", "http:// or https://")]
    public void Apply_WrongVariable_IsNamed(string name, string value, string message)
    {
        var problem = Configured.Problem("{}", (name, value), ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal("env " + name, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Null(problem.Line);
    }

    [Fact]
    public void Apply_SameSettingInTwoCases_IsAProblem() =>
        Assert.Contains("set twice", Configured.Problem("{}", ("GATEWAY__UNKNOWNPRICE", "fail"), ("gateway__unknownprice", "fail")).Message, StringComparison.Ordinal);

    [Fact]
    public void Apply_ElevenItems_KeepsTheirOrder()
    {
        var variables = Enumerable.Range(0, 11).Select(i => ($"GATEWAY__ROUTES__R__TARGETS__{i}", $"simulator/m{i}")).ToArray();
        Assert.Equal("simulator/m10", Configured.Build("{}", variables).Config!.Routes[0].Targets.ElementAt(10).Address);
    }
}
