using Gateway.Configuration;
using Gateway.Protocol;
using Gateway.Providers.Credentials.Aws;
using Gateway.Routing.Policies;

namespace Gateway.Tests.Configuration.Routes;

public class RouteCompilerTests
{
    private static readonly (string, string)[] Environment =
    [
        ("OPENAI_API_KEY", "sk-1"), ("K1", "k1"), ("K2", "k2"),
        ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "eu-west-1"),
        ("GOOGLE_OAUTH_ACCESS_TOKEN", "t"), ("GOOGLE_CLOUD_PROJECT", "p-1"), ("GOOGLE_CLOUD_LOCATION", "us"),
    ];

    private const string Azure =
        """
        "azure": { "baseUrl": "https://me.openai.azure.com", "residency": "eu", "retention": "30d", "maxConcurrency": 200,
                   "keys": [ { "id": "ptu", "key": "env:K1" }, { "id": "paygo", "key": "env:K2" } ] }
        """;

    [Fact]
    public void Compile_EverythingWritten_IsInTheSnapshot()
    {
        var route = Route(
            """
            { "groups": [
                { "strategy": "weighted", "targets": [ { "target": "azure/gpt-4o", "weight": 3, "keys": ["ptu"], "maxConcurrency": 50 }, { "target": "azure/gpt-4o", "keys": ["paygo"] } ] },
                { "targets": ["openai/gpt-4o"] } ],
              "affinity": { "header": "x-session-id" }, "rescue": "resume",
              "attempts": { "max": 5, "perTarget": 3, "backoffMs": 100, "maxBackoffMs": 900, "shortWaitSeconds": 0.5, "longestWaitSeconds": 20, "maxCostUsd": 0.5, "hedgeAfterSeconds": 1.5 },
              "residency": ["eu", "us"], "retention": ["30d", "none"], "strict": true }
            """,
            $$""" {{Azure}}, "openai": { "residency": "us", "retention": "none" } """);

        Assert.Equal(["weighted", "hash"], route.Groups.Select(g => g.Strategy.Name));
        Assert.Equal(["azure/gpt-4o", "azure/gpt-4o", "openai/gpt-4o"], route.Targets.Select(t => t.Address));
        Assert.Equal(["azure/gpt-4o [keys ptu]", "azure/gpt-4o [keys paygo]", "openai/gpt-4o"], route.Targets.Select(t => t.State.Address));
        Assert.Equal([3, 1, 1], route.Targets.Select(t => t.Weight));
        Assert.Equal(["ptu"], route.Targets[0].Credentials!.Keys.Select(k => k.Id));
        Assert.Equal([50, null, null], route.Targets.Select(t => t.MaxConcurrency));
        Assert.Equal(200, route.Targets[1].Provider.MaxConcurrency);
        Assert.Equal(("eu", "30d"), (route.Targets[0].Provider.Residency, route.Targets[0].Provider.Retention));
        Assert.Equal((AffinityPolicy.Header, "x-session-id", RescuePolicy.Resume, true), (route.Affinity, route.AffinityHeader, route.Rescue, route.Strict));
        Assert.Equal(
            new AttemptPolicy
            {
                Most = 5,
                MostPerTarget = 3,
                Backoff = TimeSpan.FromMilliseconds(100),
                MaxBackoff = TimeSpan.FromMilliseconds(900),
                ShortWait = TimeSpan.FromSeconds(0.5),
                LongestWait = TimeSpan.FromSeconds(20),
                MaxCostNanoUsd = 500_000_000,
                HedgeAfter = TimeSpan.FromSeconds(1.5),
            },
            route.Attempts);
        Assert.Equal(["eu", "us"], route.Data!.Residencies);
        Assert.Equal(["30d", "none"], route.Data.Retentions);
    }

    [Fact]
    public void Compile_NothingButTargets_IsPriorityWithTheDefaults()
    {
        var route = Route("""{ "targets": ["openai/gpt-4o", "openai/other"] }""");
        Assert.Equal("priority", Assert.Single(route.Groups).Strategy.Name);
        Assert.Same(AttemptPolicy.Default, route.Attempts);
        Assert.Null(route.Data);
        Assert.Equal((RescuePolicy.Error, AffinityPolicy.None), (route.Rescue, route.Affinity));
    }

    [Theory]
    [InlineData("""{ "max": 1 }""", 1, 1, 500, 4_000, 1, 10)]
    [InlineData("""{ "backoffMs": 9000 }""", 4, 2, 9_000, 9_000, 1, 10)]
    [InlineData("""{ "maxBackoffMs": 9 }""", 4, 2, 9, 9, 1, 10)]
    [InlineData("""{ "shortWaitSeconds": 30 }""", 4, 2, 500, 4_000, 30, 30)]
    [InlineData("""{ "longestWaitSeconds": 0 }""", 4, 2, 500, 4_000, 0, 0)]
    public void Compile_HalfOfAPair_TheOtherHalfGivesWay(string attempts, int most, int perTarget, int backoff, int maxBackoff, int shortWait, int longestWait)
    {
        var policy = Route($$"""{ "targets": ["openai/a"], "attempts": {{attempts}} }""").Attempts;
        Assert.Equal(
            (most, perTarget, backoff, maxBackoff, shortWait, longestWait),
            (policy.Most, policy.MostPerTarget, policy.Backoff.TotalMilliseconds, policy.MaxBackoff.TotalMilliseconds, policy.ShortWait.TotalSeconds, policy.LongestWait.TotalSeconds));
    }

    [Fact]
    public void Compile_SameTargetInTwoRoutes_SharesItsState()
    {
        var models = Configured.Snapshot(
            """{ "routes": { "a": { "targets": ["openai/gpt-4o", "openai/b"] }, "b": { "strategy": "weighted", "targets": ["openai/c", { "target": "openai/gpt-4o", "weight": 5 }] } } }""",
            Environment).Models;
        Assert.Same(models.Resolve("a")!.Targets[0].State, models.Resolve("b")!.Targets[1].State);
        Assert.Same(models.Resolve("openai/gpt-4o")!.Targets[0].State, models.Resolve("a")!.Targets[0].State);
    }

    [Fact]
    public void Compile_RegionOfBedrock_ChangesAddressSignatureAndResidency()
    {
        var route = Route(
            """{ "targets": ["bedrock/nova", { "target": "bedrock/nova", "region": "us-east-1", "residency": "us" }, { "target": "bedrock/nova", "region": "eu-north-1" }] }""",
            """ "bedrock": { "credential": { "aws": {} }, "residency": "eu", "retention": "none" } """);
        Assert.Equal(
            ["https://bedrock-runtime.eu-west-1.amazonaws.com/", "https://bedrock-runtime.us-east-1.amazonaws.com/", "https://bedrock-runtime.eu-north-1.amazonaws.com/"],
            route.Targets.Select(t => t.Provider.Endpoints[Operation.Converse].For("nova", stream: false).GetLeftPart(UriPartial.Authority) + "/"));
        Assert.Equal(["eu-west-1", "us-east-1", "eu-north-1"], route.Targets.Select(t => Assert.IsType<SigV4Credential>(t.Credentials!.Keys[0].Credential).Region));
        Assert.Equal(["eu", "us", null], route.Targets.Select(t => t.Provider.Residency));
        Assert.All(route.Targets, t => Assert.Equal("none", t.Provider.Retention));
        Assert.Equal(["bedrock/nova", "bedrock/nova [us-east-1]", "bedrock/nova [eu-north-1]"], route.Targets.Select(t => t.State.Address));
    }

    [Theory]
    [InlineData("europe-west4", "https://europe-west4-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west4/publishers/google/models/m:generateContent")]
    [InlineData("eu", "https://aiplatform.eu.rep.googleapis.com/v1/projects/p-1/locations/eu/publishers/google/models/m:generateContent")]
    public void Compile_RegionOfVertex_ChoosesTheHost(string region, string expected)
    {
        var target = Route($$"""{ "targets": [ { "target": "vertex/m", "region": "{{region}}" } ] }""").Targets[0];
        Assert.Equal(expected, target.Provider.Endpoints[Operation.GenerateContent].For("m", stream: false).AbsoluteUri);
    }

    [Theory]
    [InlineData("""{ "target": "openai/a", "region": "us-east-1" }""", ".region", "whose address has no region")]
    [InlineData("""{ "target": "azure/a", "region": "swedencentral" }""", ".region", "declare another provider")]
    [InlineData("""{ "target": "fixed/a", "region": "us-east-1" }""", ".region", "its baseUrl gives as a whole")]
    [InlineData("""{ "target": "simulator/a", "region": "us-east-1" }""", ".region", "no region")]
    [InlineData("""{ "target": "openai/a", "keys": ["ptu"] }""", ".keys", "has no keys to choose among")]
    [InlineData("""{ "target": "azure/a", "keys": ["ptu2"] }""", ".keys[0]", "did you mean \"ptu\"?")]
    [InlineData("""{ "target": "azure/a", "keys": ["paygo", "ptu"] }""", ".keys", "all the keys that serve this model")]
    [InlineData("""{ "target": "split/m", "keys": ["x"] }""", ".keys[0]", "does not serve this model")]
    public void Compile_WrongTarget_NamesItAndTheMend(string target, string path, string message)
    {
        var problem = Configured.Problem(
            $$"""
            { "providers": { {{Azure}}, "fixed": { "type": "bedrock", "baseUrl": "https://vpce.test", "credential": { "aws": {} } },
                             "split": { "type": "openai-compatible", "baseUrl": "http://split", "keys": [ { "id": "x", "key": "env:K1", "models": ["a*"] }, { "id": "y", "key": "env:K2" } ] } },
              "simulator": { "enabled": true }, "routes": { "smart": { "targets": [{{target}}] } } }
            """,
            Environment);
        Assert.Equal("$.routes.smart.targets[0]" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "residency": ["us"], "targets": ["azure/a"] }""", ".targets[0]", "has the residency \"eu\"")]
    [InlineData("""{ "residency": ["eu"], "targets": ["azure/a", "groq/b"] }""", ".targets[1]", "no known residency")]
    [InlineData("""{ "retention": ["none"], "targets": ["azure/a"] }""", ".targets[0]", "has the retention \"30d\"")]
    [InlineData("""{ "residency": ["eu"], "retention": ["none", "30d"], "targets": ["azure/a", "openai/b"] }""", ".targets[1]", "has the residency \"us\"")]
    [InlineData("""{ "residency": ["eu", "uss"], "targets": ["azure/a"] }""", ".residency[1]", "did you mean \"us\"?")]
    [InlineData("""{ "retention": ["never"], "targets": ["azure/a"] }""", ".targets[0]", "has the retention \"30d\"")]
    public void Compile_TargetAgainstTheRoutesDataPolicy_IsAProblem(string route, string path, string message)
    {
        var problems = Configured.Build(
            $$"""{ "providers": { {{Azure}}, "openai": { "residency": "us", "retention": "none" }, "groq": { "apiKey": "env:K1" } }, "routes": { "smart": {{route}} } }""", Environment).Problems;
        Assert.Contains(problems, p => p.Path == "$.routes.smart" + path && p.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_TwoLimitsOfOneTarget_AreAProblem()
    {
        var problem = Configured.Problem(
            """{ "routes": { "a": { "targets": [ { "target": "openai/x", "maxConcurrency": 5 } ] }, "b": { "targets": [ { "target": "openai/x", "maxConcurrency": 6 } ] } } }""", Environment);
        Assert.Equal("$.routes.b.targets[0].maxConcurrency", problem.Path);
        Assert.Contains("contradicts $.routes.a.targets[0].maxConcurrency, which says 5", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "id": "k", "models": ["*"], "value": "env:K1", "residency": ["mars"] }""", "$.keys[0].residency[0]", "no provider has as its residency")]
    [InlineData("""{ "id": "k", "models": ["far"], "value": "env:K1", "residency": ["eu"] }""", "$.keys[0].models[0]", "none of whose targets")]
    [InlineData("""{ "id": "k", "routes": ["far"], "value": "env:K1", "retention": ["30d"] }""", "$.keys[0].routes[0]", "none of whose targets")]
    [InlineData("""{ "id": "k", "team": "t", "value": "env:K1", "residency": ["us"] }""", "$.keys[0].residency", "nothing in common with that of the customer \"c\"")]
    public void Compile_KeyWhoseDataPolicyLeavesNothing_IsAProblem(string key, string path, string message)
    {
        var problem = Configured.Problem(
            $$"""
            { "providers": { {{Azure}}, "openai": { "residency": "us", "retention": "none" } }, "routes": { "far": { "targets": ["openai/x"] } },
              "customers": { "c": { "models": ["*"], "residency": ["eu"] } }, "teams": { "t": { "customer": "c" } }, "keys": [{{key}}] }
            """,
            Environment);
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static Gateway.Routing.RouteSnapshot Route(string route, string providers = "") =>
        Configured.Snapshot($$"""{ "providers": { {{providers}} }, "routes": { "smart": {{route}} } }""", Environment).Models.Resolve("smart")!;
}
