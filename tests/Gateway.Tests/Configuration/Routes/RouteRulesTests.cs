namespace Gateway.Tests.Configuration.Routes;

public class RouteRulesTests
{
    private const string Two = "\"targets\": [\"openai/a\", \"openai/b\"]";

    [Theory]
    [InlineData("""{ "targets": ["openai/a"], "groups": [ { "targets": ["openai/b"] } ] }""", "", "exactly one of targets and groups")]
    [InlineData("""{ "strategy": "priority", "groups": [ { "targets": ["openai/a", "openai/b"] } ] }""", ".strategy", "contradicts groups")]
    [InlineData("""{ "groups": [] }""", ".groups", "no effect")]
    [InlineData("""{ "groups": [ { "strategy": "weighted" } ] }""", ".groups[0].targets", "missing")]
    [InlineData("""{ "groups": [ { "targets": ["openai/a"] }, { "targets": ["openai/a"] } ] }""", ".groups[1].targets[0]", "repeats")]
    [InlineData("""{ "targets": ["openai/a", { "target": "openai/a" }] }""", ".targets[1]", "repeats")]
    [InlineData("""{ "targets": ["smart"] }""", ".targets[0]", "not to other routes")]
    [InlineData("""{ "targets": [ { "maxConcurrency": 1 } ] }""", ".targets[0].target", "missing")]
    [InlineData("""{ "targets": [7] }""", ".targets[0]", "or an object")]
    [InlineData("""{ "targets": ["openai/a"], "strategy": "weighted" }""", ".strategy", "one target to choose")]
    [InlineData("""{ "strategy": "fastest", TWO }""", ".strategy", "must be one of")]
    [InlineData("""{ "strategy": "lowest_latncy", TWO }""", ".strategy", "did you mean \"lowest_latency\"?")]
    [InlineData("""{ "targets": ["openai/a", { "target": "openai/b", "weight": 2 }] }""", ".targets[1].weight", "the strategy priority looks at no weights")]
    [InlineData("""{ "targets": [ { "target": "openai/b", "weight": 2 } ] }""", ".targets[0].weight", "one target to choose")]
    [InlineData("""{ "strategy": "lowest_cost", "targets": ["openai/a", { "target": "openai/b", "weight": 2 }] }""", ".targets[1].weight", "lowest_cost")]
    [InlineData("""{ "strategy": "weighted", "targets": [ { "target": "openai/a", "weight": 0 }, { "target": "openai/b", "weight": 0 } ] }""", ".targets", "weight of 0")]
    [InlineData("""{ "strategy": "weighted", "targets": ["openai/a", { "target": "openai/b", "weight": 1000001 }] }""", ".targets[1].weight", "1000000")]
    [InlineData("""{ "strategy": "weighted", "targets": ["openai/a", { "target": "openai/b", "spillAbove": 5 }] }""", ".targets[1].spillAbove", "only the strategy spillover")]
    [InlineData("""{ "strategy": "spillover", "targets": ["openai/a", { "target": "openai/b", "spillAbove": 5 }] }""", ".targets[1].spillAbove", "takes what the others do not")]
    [InlineData("""{ "targets": [ { "target": "openai/a", "residency": "eu" } ] }""", ".targets[0].residency", "without region")]
    [InlineData("""{ "targets": [ { "target": "openai/a", "maxConcurrency": 0 } ] }""", ".targets[0].maxConcurrency", "from 1")]
    [InlineData("""{ "targets": [ { "target": "openai/a", "region": "EU" } ] }""", ".targets[0].region", "a region such as")]
    [InlineData("""{ "strategy": "hash", TWO }""", ".strategy", "without affinity")]
    [InlineData("""{ "strategy": "spillover", "affinity": "user", TWO }""", ".strategy", "contradicts affinity")]
    [InlineData("""{ "affinity": "session", TWO }""", ".affinity", "must be one of \"user\", \"prompt\", \"key\"")]
    [InlineData("""{ "affinity": { }, TWO }""", ".affinity.header", "missing")]
    [InlineData("""{ "affinity": { "header": "authorization" }, TWO }""", ".affinity.header", "write \"key\"")]
    [InlineData("""{ "affinity": "user", "targets": ["openai/a"] }""", ".affinity", "no effect")]
    [InlineData("""{ "rescue": "retry", TWO }""", ".rescue", "\"error\", \"resume\"")]
    [InlineData("""{ "residency": [], TWO }""", ".residency", "no effect")]
    [InlineData("""{ "attempts": {}, TWO }""", ".attempts", "says nothing")]
    [InlineData("""{ "attempts": { "max": 7 }, TWO }""", ".attempts.max", "from 1 to 6")]
    [InlineData("""{ "attempts": { "tries": 7 }, TWO }""", ".attempts.tries", "is not a setting")]
    [InlineData("""{ "attempts": { "max": 2, "perTarget": 3 }, TWO }""", ".attempts.perTarget", "more than max (2)")]
    [InlineData("""{ "attempts": { "perTarget": 1, "backoffMs": 5 }, TWO }""", ".attempts.backoffMs", "no target is called twice")]
    [InlineData("""{ "attempts": { "max": 1, "shortWaitSeconds": 5 }, TWO }""", ".attempts.shortWaitSeconds", "no target is called twice")]
    [InlineData("""{ "attempts": { "backoffMs": 500, "maxBackoffMs": 400 }, TWO }""", ".attempts.backoffMs", "more than maxBackoffMs")]
    [InlineData("""{ "attempts": { "shortWaitSeconds": 5, "longestWaitSeconds": 4 }, TWO }""", ".attempts.shortWaitSeconds", "more than longestWaitSeconds")]
    [InlineData("""{ "attempts": { "longestWaitSeconds": 20 }, "timeouts": { "total": 10 }, TWO }""", ".attempts.longestWaitSeconds", "timeout total (10 s)")]
    [InlineData("""{ "attempts": { "max": 1, "maxCostUsd": 0.5 }, TWO }""", ".attempts.maxCostUsd", "only one attempt")]
    [InlineData("""{ "attempts": { "maxCostUsd": 0 }, TWO }""", ".attempts.maxCostUsd", "from 0.000000001")]
    [InlineData("""{ "attempts": { "hedgeAfterSeconds": 1 }, "targets": ["openai/a"] }""", ".attempts.hedgeAfterSeconds", "no other target")]
    [InlineData("""{ "attempts": { "max": 1, "hedgeAfterSeconds": 1 }, TWO }""", ".attempts.hedgeAfterSeconds", "only one attempt")]
    [InlineData("""{ "attempts": { "hedgeAfterSeconds": 5 }, "timeouts": { "firstToken": 5, "keepAliveHold": 2 }, TWO }""", ".attempts.hedgeAfterSeconds", "firstToken (5 s)")]
    public void Build_WrongRoute_NamesItAndTheMend(string route, string path, string message)
    {
        var problem = Configured.Problem($$"""{ "routes": { "smart": {{route.Replace("TWO", Two, StringComparison.Ordinal)}} } }""", ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal("$.routes.smart" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Line);
    }

    [Fact]
    public void Build_ManyMistakes_ReportsAllAtOnce()
    {
        var build = Configured.Build(
            """
            { "routes": { "smart": {
                "groups": [
                  { "strategy": "weightd", "targets": ["openai/a", { "target": "opnai/b", "wieght": 1 }] },
                  { "targets": [ { "target": "openai/c", "weight": 1 } ] } ],
                "attempts": { "max": 9, "hedgeAfterSeconds": 2 },
                "residency": ["mars"] } } }
            """,
            ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal(
            [
                "$.routes.smart.attempts.max", "$.routes.smart.groups[0].strategy", "$.routes.smart.groups[0].targets[0]", "$.routes.smart.groups[0].targets[1]",
                "$.routes.smart.groups[0].targets[1].wieght", "$.routes.smart.groups[1].targets[0]", "$.routes.smart.groups[1].targets[0].weight", "$.routes.smart.residency[0]",
            ],
            build.Problems.Select(p => p.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Build_MoreTargetsThanARouteCanHave_IsAProblem()
    {
        var groups = string.Join(',', Enumerable.Range(0, 5).Select(g => $$"""{ "targets": [{{string.Join(',', Enumerable.Range(0, 13).Select(t => $"\"openai/m{g}-{t}\""))}}] }"""));
        var problem = Configured.Problem($$"""{ "routes": { "r": { "groups": [{{groups}}] } } }""", ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal("$.routes.r", problem.Path);
        Assert.Contains("65 targets in all; at most 64", problem.Message, StringComparison.Ordinal);
    }
}
