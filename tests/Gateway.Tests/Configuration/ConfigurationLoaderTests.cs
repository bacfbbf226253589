using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class ConfigurationLoaderTests
{
    [Fact]
    public void Load_ThreeMistakes_ReportsAllWithPathsAndPositions()
    {
        var build = Configured.Build(
            """
            {
              "server": { "drainSecond": 5 }, // misspelt
              "limits": { "maxConcurrentRequests": 0 },
              "routes": { "fast": { "targets": ["opnai/gpt-4o"] } },
            }
            """,
            ("OPENAI_API_KEY", "sk-1"));

        Assert.Equal(["$.server.drainSecond", "$.limits.maxConcurrentRequests", "$.routes.fast.targets[0]"], build.Problems.Select(p => p.Path));
        Assert.Contains("did you mean \"drainSeconds\"?", build.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("a whole number from 1 to 1000000", build.Problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("did you mean \"openai\"?", build.Problems[2].Message, StringComparison.Ordinal);
        Assert.Equal((2, 30), (build.Problems[0].Line, build.Problems[0].Column));
        Assert.Equal((4, 37), (build.Problems[2].Line, build.Problems[2].Column));
        Assert.Null(build.Snapshot);
    }

    [Theory]
    [InlineData("{", 1, 2)]
    [InlineData("{\n  \"limits\": { \"maxReplyBytes\" 5 }\n}", 2, 31)]
    [InlineData("{ \"server\": }", 1, 13)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{ \"keys\": [ nonsense ] }", 1, 14)]
    public void Load_BrokenJson_NamesLineAndColumn(string json, int line, int column)
    {
        var problem = Configured.Problem(json);
        Assert.Equal(("$", line, column), (problem.Path, problem.Line, problem.Column));
        Assert.StartsWith("is not valid JSON", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoObject_IsAProblem() => Assert.Equal("$", Configured.Problem("[]").Path);

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("\uFEFF{}")]
    [InlineData("// nothing\n{ /* here */ }")]
    public void Load_Nothing_IsTheDefaults(string json)
    {
        var build = Configured.Build(json);
        Assert.Empty(build.Problems);
        Assert.Equal(new LimitsSnapshot(), build.Snapshot!.Limits);
        Assert.Equal(["http://localhost:8080"], build.Config!.Server.Urls);
    }

    [Theory]
    [InlineData("""{ "servr": {} }""", "$.servr", "did you mean \"server\"?")]
    [InlineData("""{ "routes": { "a b": { "targets": ["simulator/x"] } } }""", "$.routes['a b']", "spaces")]
    [InlineData("""{ "limits": { "maxReplyBytes": "5" } }""", "$.limits.maxReplyBytes", "whole number")]
    [InlineData("""{ "limits": { "maxReplyBytes": 2000.5 } }""", "$.limits.maxReplyBytes", "whole number")]
    [InlineData("""{ "limits": { "maxReplyBytes": null } }""", "$.limits.maxReplyBytes", "whole number")]
    [InlineData("""{ "limits": [] }""", "$.limits", "an object")]
    [InlineData("""{ "limits": { "maxRequestBytes": 1e60 } }""", "$.limits.maxRequestBytes", "whole number")]
    [InlineData("""{ "limits": { "maxReplyBytes": 2000, "maxReplyBytes": 3000 } }""", "$.limits.maxReplyBytes", "written twice")]
    [InlineData("""{ "limits": { "maxBytesInFlight": 1048576 } }""", "$.limits.maxBytesInFlight", "smaller than maxRequestBytes")]
    [InlineData("""{ "logging": { "level": "debg" } }""", "$.logging.level", "did you mean \"debug\"?")]
    [InlineData("""{ "server": { "urls": ["ftp://x"] } }""", "$.server.urls[0]", "http:// or https://")]
    [InlineData("""{ "server": { "urls": ["http://a:1/path"] } }""", "$.server.urls[0]", "path")]
    [InlineData("""{ "server": { "urls": ["http://a:1", "http://a:1"] } }""", "$.server.urls[1]", "repeats")]
    [InlineData("""{ "server": { "urls": [] } }""", "$.server.urls", "no effect")]
    [InlineData("""{ "server": { "port": 1, "urls": ["http://a"] } }""", "$.server.port", "contradicts urls")]
    [InlineData("""{ "ledger": { "fsync": "always", "intervalMs": 5 } }""", "$.ledger.intervalMs", "no effect")]
    [InlineData("""{ "telemetry": { "metricsEnabled": "yes" } }""", "$.telemetry.metricsEnabled", "true or false")]
    [InlineData("""{ "unknownPrice": "zero" }""", "$.unknownPrice", "\"ceiling\", \"fail\"")]
    public void Load_WrongSetting_NamesItAndTheMend(string json, string path, string message)
    {
        var problem = Configured.Problem(json);
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Line);
    }

    [Theory]
    [InlineData("""{ "timeouts": { "idle": 1000 } }""", "$.timeouts.idle")]
    [InlineData("""{ "timeouts": { "firstToken": 20, "total": 10, "idle": 5, "connect": 1, "keepAliveHold": 1 } }""", "$.timeouts.firstToken")]
    [InlineData("""{ "timeouts": { "connect": 0 } }""", "$.timeouts.connect")]
    [InlineData("""{ "timeouts": { "connect": 0.0001 } }""", "$.timeouts.connect")]
    [InlineData("""{ "timeouts": { "keepAliveHold": 120, "keepAliveInterval": 5 } }""", "$.timeouts.keepAliveInterval")]
    [InlineData("""{ "providers": { "openai": { "timeouts": { "idle": 1000 } } } }""", "$.providers.openai.timeouts.idle")]
    public void Load_ContradictoryTimeouts_AreProblems(string json, string path)
    {
        var build = Configured.Build(json, ("OPENAI_API_KEY", "sk-1"));
        Assert.NotEmpty(build.Problems);
        Assert.All(build.Problems, p => Assert.Equal(path, p.Path));
    }

    [Theory]
    [InlineData("""{ "keys": [{ "id": "a", "models": [], "value": "env:K" }] }""", "$.keys[0].models", "no effect")]
    [InlineData("""{ "keys": [{ "id": "a", "value": "env:K" }] }""", "$.keys[0].models", "missing")]
    [InlineData("""{ "keys": [{ "models": ["*"], "value": "env:K" }] }""", "$.keys[0].id", "missing")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*"] }] }""", "$.keys[0]", "exactly one of hash and value")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*"], "hash": "hmac-sha256:zz" }] }""", "$.keys[0].hash", "64 hexadecimal")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*"], "value": "env:MISSING" }] }""", "$.keys[0].value", "MISSING is not set")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*", "simulator/*"], "value": "env:K" }] }""", "$.keys[0].models", "no effect")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["nothing"], "value": "env:K" }] }""", "$.keys[0].models[0]", "nothing answers")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*"], "value": "env:K" }, { "id": "b", "models": ["*"], "value": "env:K" }] }""", "$.keys[1]", "same key as \"a\"")]
    [InlineData("""{ "keys": [{ "id": "a", "models": ["*"], "value": "env:K" }, { "id": "a", "models": ["*"], "value": "env:L" }] }""", "$.keys[1].id", "already the id")]
    public void Load_WrongKey_NamesItAndTheMend(string json, string path, string message)
    {
        var problem = Configured.Problem(json, ("K", "vk-one"), ("L", "vk-two"));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "models": { "openai/x": {} } }""", "$.models['openai/x']")]
    [InlineData("""{ "models": { "openai/x": { "outputPerMtok": 1 } } }""", "$.models['openai/x'].inputPerMtok")]
    [InlineData("""{ "models": { "openai/x": { "inputPerMtok": 1 } } }""", "$.models['openai/x'].outputPerMtok")]
    [InlineData("""{ "models": { "openai/x": { "inputPerMtok": -1, "outputPerMtok": 1 } } }""", "$.models['openai/x'].inputPerMtok")]
    [InlineData("""{ "models": { "openai/x": { "inputPerMtok": 0.0000000001, "outputPerMtok": 1 } } }""", "$.models['openai/x'].inputPerMtok")]
    [InlineData("""{ "models": { "x": { "contextWindow": 5 } } }""", "$.models.x")]
    [InlineData("""{ "models": { "nowhere/x": { "contextWindow": 5 } } }""", "$.models['nowhere/x']")]
    public void Load_WrongModel_IsAProblem(string json, string path) =>
        Assert.Equal(path, Configured.Problem(json, ("OPENAI_API_KEY", "sk-1")).Path);
}
