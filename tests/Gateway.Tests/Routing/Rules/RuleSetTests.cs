using Gateway.Configuration;
using Gateway.Routing.Rules;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Routing.Rules;

public sealed class RuleSetTests
{
    private const string TwoArms = """ "to": [ { "target": "simulator/a", "weight": 90, "arm": "old" }, { "target": "simulator/b", "weight": 10, "arm": "new" } ] """;

    [Fact]
    public void Decide_SeveralMatch_TheFirstCounts()
    {
        var rules = Rules("""[ { "name": "one", "when": "request.stream", "to": ["simulator/a"] }, { "name": "two", "when": "tokens.input < 100", "to": ["simulator/b"] }, { "name": "three", "to": ["simulator/c"] } ]""");
        using var plain = new RequestRig();
        using var streamed = new RequestRig("""{"model":"m","stream":true,"messages":[]}""");
        Assert.Equal("two", plain.Decide(rules).Decided!.Name);
        Assert.Equal("one", streamed.Decide(rules).Decided!.Name);
    }

    [Fact]
    public void Decide_CommonRules_ComeBeforeTheRoutes()
    {
        var snapshot = Configured.Snapshot("""
            { "simulator": { "enabled": true }, "rules": [ { "name": "night", "when": "time.hour >= 21", "deny": { "message": "Not now." } } ],
              "routes": { "r": { "targets": ["simulator/x"], "rules": [ { "name": "own", "to": ["simulator/a"] } ] } } }
            """);
        using var rig = new RequestRig();
        Assert.Equal(["night", "own"], snapshot.Rules!.Of("r")!.Rules.Select(r => r.Name));
        Assert.Equal(["night"], snapshot.Rules.Of("simulator/x")!.Rules.Select(r => r.Name));
        Assert.Equal("Not now.", rig.Decide(snapshot.Rules.Of("r")!).Decided!.Deny);
    }

    [Fact]
    public void Of_NoRules_IsNothingAtAll() => Assert.Null(Configured.Snapshot("{}").Rules);

    [Fact]
    public void Of_OnlyOtherRoutesHaveRules_IsNothing() =>
        Assert.Null(Configured.Snapshot("""{ "routes": { "r": { "targets": ["simulator/x"], "rules": [ { "name": "own", "to": ["simulator/a"] } ] } } }""").Rules!.Of("simulator/x"));

    [Fact]
    public void Choose_Weights_DivideUsersAsTheySay()
    {
        var rules = Rules($$"""[ { "name": "try", {{TwoArms}} } ]""");
        var others = Enumerable.Range(0, 2_000).Count(user => Arm(rules, $"user-{user}") == "new");
        Assert.InRange(others, 140, 260);
    }

    [Fact]
    public void Choose_TheSameUser_StaysInItsArmWhateverItAsks()
    {
        var rules = Rules($$"""[ { "name": "try", {{TwoArms}} } ]""");
        var again = Rules($$"""[ { "name": "first", "when": "request.stream", "to": ["simulator/c"] }, { "name": "try", {{TwoArms}} } ]""");
        for (var user = 0; user < 200; user++)
            Assert.Equal(Arm(rules, $"u{user}", key: "k1", text: "hello"), Arm(again, $"u{user}", key: "k2", text: "something else"));
    }

    [Fact]
    public void Choose_RulesOfOtherNames_DivideIndependently()
    {
        var (one, other) = (Rules($$"""[ { "name": "one", {{TwoArms}} } ]"""), Rules($$"""[ { "name": "other", {{TwoArms}} } ]"""));
        var both = Enumerable.Range(0, 3_000).Count(user => Arm(one, $"u{user}") == "new" && Arm(other, $"u{user}") == "new");
        Assert.InRange(both, 10, 60); // 1 %
    }

    [Fact]
    public void Matches_PercentAndWeights_DivideIndependently()
    {
        var rules = Rules("""[ { "name": "try", "percent": 20, "to": [ { "target": "simulator/a", "arm": "a" }, { "target": "simulator/b", "arm": "b" } ] } ]""");
        var arms = Enumerable.Range(0, 2_000).Select(user => Arm(rules, $"u{user}")).ToList();
        Assert.InRange(arms.Count(a => a == "a"), 140, 260);
        Assert.InRange(arms.Count(a => a == "b"), 140, 260);
    }

    [Theory]
    [InlineData("key", 1)]
    [InlineData("request", 2)]
    public void Choose_Sticky_IsWhatTheRuleSays(string sticky, int arms)
    {
        var rules = Rules($$"""[ { "name": "try", "sticky": "{{sticky}}", "to": [ { "target": "simulator/a", "arm": "a" }, { "target": "simulator/b", "arm": "b" } ] } ]""");
        Assert.Equal(arms, Enumerable.Range(0, 100).Select(user => Arm(rules, $"u{user}")).Distinct().Count());
    }

    [Fact]
    public void Decide_Shadow_DoesNotDecide()
    {
        var rules = Rules("""[ { "name": "mirror", "shadow": { "target": "simulator/s", "budgetUsdPerDay": 1 } }, { "name": "go", "to": ["simulator/a"] } ]""");
        using var rig = new RequestRig();
        var (decided, mirrored, _) = rig.Decide(rules);
        Assert.Equal(("go", "mirror"), (decided!.Name, mirrored!.Name));
    }

    [Fact]
    public void Of_AnArm_KeepsItsTargetsFirstAndTheOthersBehind()
    {
        var rules = Rules($$"""[ { "name": "try", {{TwoArms}} } ]""");
        var route = Configured.Snapshot("""{ "routes": { "r": { "targets": ["simulator/x"], "strict": true } } }""").Models.Resolve("r")!;
        var sent = rules.Rules[0].Arms[1].Of(route);
        Assert.Equal(["simulator/b", "simulator/a"], sent.Targets.Select(t => t.Address));
        Assert.Equal(("r", true), (sent.Name, sent.Strict));
        Assert.Same(sent, rules.Rules[0].Arms[1].Of(route));
    }

    private static RuleSet Rules(string rules) =>
        Configured.Snapshot($$"""{ "simulator": { "enabled": true }, "rules": {{rules}} }""").Rules!.Of("any")!;

    private static string? Arm(RuleSet rules, string user, string key = "k1", string text = "hi")
    {
        using var rig = new RequestRig($$"""{"model":"m","user":"{{user}}","messages":[{"role":"user","content":"{{text}}"}]}""", RequestRig.Key(key));
        return rig.Decide(rules).Arm;
    }
}
