using Gateway.Configuration;
using Gateway.Configuration.Plans;

namespace Gateway.Tests.Configuration.Plans;

public class ConfigurationPlanTests
{
    [Fact]
    public void Compare_AddedChangedAndRemoved_NamesEachMember()
    {
        var before = Effective("""{ "teams": { "a": { "models": ["*"], "budgets": [ { "name": "month", "amount": 100 } ] }, "gone": {} }, "limits": { "maxConcurrentRequests": 7 } }""");
        var after = Effective("""{ "teams": { "a": { "models": ["*"], "disabled": true, "budgets": [ { "name": "month", "amount": 200 } ] }, "new": { "name": "New" } } }""");
        var output = new StringWriter { NewLine = "\n" };
        ConfigurationPlan.Print(ConfigurationPlan.Compare(before, after), output);
        Assert.Equal(
            """
            ~ limits
                maxConcurrentRequests: 7 → 5000
            ~ teams a
                disabled: (none) → true
                budgets[month].amount: 100 → 200
            + teams new
                id: "new"
                name: "New"
            - teams gone
            1 to add, 2 to change, 1 to remove.

            """,
            output.ToString());
    }

    [Fact]
    public void Compare_HashOfAKey_ShowsThatItChangedAndNotWhat()
    {
        string Key(char digit) => $$"""{ "keys": [ { "id": "k", "models": ["*"], "hash": "hmac-sha256:{{new string(digit, 64)}}" } ] }""";
        Assert.Empty(ConfigurationPlan.Compare(Effective(Key('a')), Effective(Key('a'))));
        var change = Assert.Single(ConfigurationPlan.Compare(Effective(Key('a')), Effective(Key('b'))));
        Assert.Equal(('~', "keys k"), (change.Sign, change.Thing));
        Assert.StartsWith("hash: \"hmac-sha256:*** (set, mark ", Assert.Single(change.Members), StringComparison.Ordinal);
        Assert.DoesNotContain("bbbbbbbb", change.Members[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Routes_NamesWhatWouldBeRoutedOtherwise()
    {
        var before = Effective("""{ "routes": { "r": { "targets": ["simulator/a", "simulator/b"] } } }""");
        var after = Effective("""{ "routes": { "r": { "strategy": "weighted", "targets": ["simulator/a", "simulator/b"], "rescue": "resume", "attempts": { "max": 3 } } } }""");
        Assert.Equal(
            [
                "strategy: \"priority\" → \"weighted\"",
                """targets: ["simulator/a","simulator/b"] → [{"target":"simulator/a","weight":1},{"target":"simulator/b","weight":1}]""",
                "rescue: \"error\" → \"resume\"",
                "attempts.max: 4 → 3",
            ],
            Assert.Single(ConfigurationPlan.Compare(before, after)).Members);
    }

    [Fact]
    public void Compare_Same_IsEmpty() => Assert.Empty(ConfigurationPlan.Compare(Effective("{}"), Effective("{}")));

    private static byte[] Effective(string json)
    {
        var build = Configured.Build(json);
        Assert.Empty(build.Problems);
        return EffectiveConfiguration.Write(build.Config!, build.Providers);
    }
}
