using System.Text;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public sealed class RuleSettingsTests
{
    [Theory]
    [InlineData("""{ "name": "a", "when": "request.modle == 'x'", "to": ["simulator/b"] }""", "[0].when", "\"modle\", which is not known of request; did you mean \"model\"? (at character 9)")]
    [InlineData("""{ "name": "a", "when": "tokens.input", "to": ["simulator/b"] }""", "[0].when", "must be true or false")]
    [InlineData("""{ "name": "a", "when": "health('nobody/x').available", "to": ["simulator/b"] }""", "[0].when", "target that does not exist")]
    [InlineData("""{ "name": "a", "when": "1 < 2", "to": ["simulator/b"] }""", "[0].when", "true for every request")]
    [InlineData("""{ "name": "a", "when": "1 > 2", "to": ["simulator/b"] }""", "[0].when", "never true")]
    [InlineData("""{ "name": "a", "when": "tokens.input > 9 && tokens.input < 3", "to": ["simulator/b"] }""", "[0].when", "contradict")]
    [InlineData("""{ "name": "a", "to": ["simulator/b"] }, { "name": "b", "when": "request.stream", "to": ["simulator/c"] }""", "[1]", "never reached: $.routes.r.rules[0] decides for every request")]
    [InlineData("""{ "name": "a", "when": "tokens.input > 9", "to": ["simulator/b"] }, { "name": "b", "when": "9 < tokens.input", "deny": { "message": "no" } }""", "[1].when", "repeats the condition of $.routes.r.rules[0]")]
    [InlineData("""{ "name": "a", "when": "tokens.input > 9", "to": ["simulator/b"] }, { "name": "b", "when": "tokens.input > 99 && request.stream", "to": ["simulator/c"] }""", "[1].when", "never reached: whatever meets it")]
    [InlineData("""{ "name": "a", "to": ["nobody/b"] }""", "[0].to[0]", "\"nobody\", which does not exist")]
    [InlineData("""{ "name": "a", "to": ["nothing"] }""", "[0].to[0]", "neither a route nor")]
    [InlineData("""{ "name": "a", "to": [ { "target": "rr" } ] }""", "[0].to[0].target", "did you mean \"r\"?")]
    [InlineData("""{ "name": "a" }""", "[0]", "does nothing")]
    [InlineData("""{ "name": "a", "to": [] }""", "[0].to", "no effect")]
    [InlineData("""{ "to": ["simulator/b"] }""", "[0].name", "is missing")]
    [InlineData("""{ "name": "a", "when": "request.stream", "to": ["simulator/b"] }, { "name": "a", "to": ["simulator/c"] }""", "[1].name", "already the name")]
    [InlineData("""{ "name": "a", "to": ["simulator/b"], "deny": { "message": "no" } }""", "[0].to", "no effect")]
    [InlineData("""{ "name": "a", "deny": { "message": "no" }, "shadow": { "target": "simulator/s", "budgetUsdPerDay": 1 } }""", "[0].shadow", "no effect")]
    [InlineData("""{ "name": "a", "percent": 100, "to": ["simulator/b"] }""", "[0].percent", "all of them")]
    [InlineData("""{ "name": "a", "percent": 0, "to": ["simulator/b"] }""", "[0].percent", "0.001")]
    [InlineData("""{ "name": "a", "sticky": "key", "to": ["simulator/b"] }""", "[0].sticky", "nothing is divided")]
    [InlineData("""{ "name": "a", "to": [ { "target": "simulator/b", "weight": 5 } ] }""", "[0].to[0].weight", "nothing to divide")]
    [InlineData("""{ "name": "a", "to": [ { "target": "simulator/b", "weight": 0 }, { "target": "simulator/c", "weight": 0 } ] }""", "[0].to", "no weight above 0")]
    [InlineData("""{ "name": "a", "to": [ { "target": "simulator/b", "arm": "x" }, { "target": "simulator/c", "arm": "x" } ] }""", "[0].to[1].arm", "another arm")]
    [InlineData("""{ "name": "a", "to": [ { "target": "simulator/b" }, "simulator/c" ] }""", "[0].to", "mixes")]
    [InlineData("""{ "name": "a", "shadow": { "target": "simulator/s" } }""", "[0].shadow.budgetUsdPerDay", "is missing")]
    [InlineData("""{ "name": "a", "shadow": { "target": "nobody/s", "budgetUsdPerDay": 1 } }""", "[0].shadow.target", "does not exist")]
    [InlineData("""{ "name": "a", "wen": "request.stream", "to": ["simulator/b"] }""", "[0].wen", "did you mean \"when\"?")]
    public void Build_WrongRule_NamesItAndTheMend(string rules, string path, string message)
    {
        var problem = Configured.Problem($$"""{ "simulator": { "enabled": true }, "routes": { "r": { "targets": ["simulator/x"], "rules": [ {{rules}} ] } } }""");
        Assert.Equal("$.routes.r.rules" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Line);
    }

    [Fact]
    public void Build_RulesBehindACommonOneForAll_AreNeverReached()
    {
        var problem = Configured.Problem("""
            { "rules": [ { "name": "all", "to": ["simulator/a"] } ], "routes": { "r": { "targets": ["simulator/x"], "rules": [ { "name": "own", "to": ["simulator/b"] } ] } } }
            """);
        Assert.Equal("$.routes.r.rules[0]", problem.Path);
        Assert.Contains("$.rules[0] decides for every request", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ManyFaults_AreReportedAtOnce()
    {
        var build = Configured.Build("""
            { "rules": [ { "name": "a", "when": "x && y", "to": ["nobody/b"] }, { "name": "b", "when": "time.hour > 'a'", "shadow": { "target": "nobody/b", "budgetUsdPerDay": 1 } } ] }
            """);
        Assert.Equal(["$.rules[0].when", "$.rules[0].when", "$.rules[0].to[0]", "$.rules[1].when", "$.rules[1].shadow.target"], build.Problems.Select(p => p.Path));
    }

    [Fact]
    public void Build_PlaceThatTheRouteDoesNotAllow_IsRefused()
    {
        var problem = Configured.Problem("""
            { "providers": { "vllm": { "residency": "eu" }, "ollama": { "baseUrl": "http://127.0.0.1:1" } },
              "routes": { "r": { "targets": ["vllm/x"], "residency": ["eu"], "rules": [ { "name": "out", "to": ["ollama/x"] } ] } } }
            """);
        Assert.Equal("$.routes.r.rules[0].to[0]", problem.Path);
        Assert.Contains("does not allow", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Rules_ReadBackTheSame()
    {
        const string rules = """
            [ { "name": "a", "when": "tokens.input > 5", "percent": 10, "sticky": "key", "to": [ { "target": "r", "weight": 9, "arm": "x" }, { "target": "simulator/b", "weight": 1 } ] },
              { "name": "b", "to": ["simulator/c", "r"], "shadow": { "target": "simulator/s", "percent": 5, "budgetUsdPerDay": 2.5 } } ]
            """;
        var build = Configured.Build($$"""{ "routes": { "r": { "targets": ["simulator/x"] } }, "rules": {{rules}} }""");
        Assert.Empty(build.Problems);
        var written = Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config!, build.Providers));
        using var json = System.Text.Json.JsonDocument.Parse(written);
        var again = Configured.Build($$"""{ "routes": { "r": { "targets": ["simulator/x"] } }, "rules": {{json.RootElement.GetProperty("rules").GetRawText()}} }""");
        Assert.Equal(written, Encoding.UTF8.GetString(EffectiveConfiguration.Write(again.Config!, again.Providers)));
        Assert.Contains("\"budgetUsdPerDay\": 2.5", written, StringComparison.Ordinal);
    }
}
