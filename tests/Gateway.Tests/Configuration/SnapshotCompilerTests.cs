using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class SnapshotCompilerTests
{
    [Theory]
    [InlineData("""{ "providers": { "openai": { "enabled": false } }, "routes": { "r": { "targets": ["openai/x"] } } }""", "$.routes.r.targets[0]", "declared but disabled")]
    [InlineData("""{ "routes": { "r": { "targets": ["groq/x"] } } }""", "$.routes.r.targets[0]", "GROQ_API_KEY")]
    [InlineData("""{ "routes": { "r": { "targets": ["ollama/x"] } } }""", "$.routes.r.targets[0]", "OLLAMA_HOST")]
    [InlineData("""{ "routes": { "r": { "targets": ["mine/x"] } } }""", "$.routes.r.targets[0]", "does not exist")]
    [InlineData("""{ "providers": { "vllm": {} }, "routes": { "r": { "targets": ["simulator/x"] } } }""", "$.routes.r.targets[0]", "simulator, which is off")]
    [InlineData("""{ "routes": { "r": { "targets": ["gpt-4o"] } } }""", "$.routes.r.targets[0]", "provider/model")]
    [InlineData("""{ "routes": { "r": { "targets": [] } } }""", "$.routes.r.targets", "no effect")]
    [InlineData("""{ "routes": { "r": {} } }""", "$.routes.r", "exactly one of targets and groups")]
    [InlineData("""{ "routes": { "r": { "targets": ["simulator/a", "simulator/a"] } } }""", "$.routes.r.targets[1]", "repeats")]
    [InlineData("""{ "routes": { "openai/fast": { "targets": ["simulator/a"] } } }""", "$.routes['openai/fast']", "would hide it")]
    public void Compile_WrongRoute_NamesItAndTheMend(string json, string path, string message)
    {
        var problem = Configured.Problem(json);
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_Timeouts_MostSpecificWins()
    {
        var snapshot = Configured.Snapshot(
            """
            { "timeouts": { "idle": 50, "firstToken": 51, "connect": 2 },
              "providers": { "vllm": { "timeouts": { "idle": 40, "firstToken": 41 } } },
              "routes": { "r": { "targets": ["vllm/m"], "timeouts": { "idle": 30 } } } }
            """);
        var route = snapshot.Models.Resolve("r")!.Timeouts;
        Assert.Equal((30, 41, 2, 900), (route.Idle.TotalSeconds, route.FirstToken.TotalSeconds, route.Connect.TotalSeconds, route.Total.TotalSeconds));
        Assert.Equal(40, snapshot.Models.Resolve("vllm/m")!.Timeouts.Idle.TotalSeconds);
    }

    [Fact]
    public void Compile_Keys_AreHashedAndNeverKept()
    {
        var hex = Convert.ToHexString(Configured.Hash("vk-two"));
        var snapshot = Configured.Snapshot(
            $$"""
            { "keys": [ { "id": "one", "value": "env:K", "models": ["simulator/*"] },
                        { "id": "two", "name": "Second", "hash": "hmac-sha256:{{hex}}", "models": ["*"], "disabled": true } ] }
            """,
            ("K", "vk-one"));
        var keys = new Gateway.Admission.Directory.VirtualKeyCompiler()
            .Compile(Gateway.Admission.Directory.DirectorySnapshot.Merge(0, [], snapshot.Entities)).OrderBy(k => k.Id, StringComparer.Ordinal).ToList();
        Assert.Equal(Configured.Hash("vk-one"), keys[0].Hash);
        Assert.Equal(("one", "one", false), (keys[0].Id, keys[0].Name, keys[0].Disabled));
        Assert.Equal(Configured.Hash("vk-two"), keys[1].Hash);
        Assert.Equal(("Second", true), (keys[1].Name, keys[1].Disabled));
    }

    [Fact]
    public void Compile_Prices_OverrideTheCatalogueAsAWhole()
    {
        var snapshot = Configured.Snapshot(
            """
            { "models": {
                "openai/gpt-4o": { "inputPerMtok": 0.15, "outputPerMtok": 0.6, "maxOutput": 99 },
                "openai/own-embedding": { "inputPerMtok": 0.02, "mode": "embedding" },
                "openai/text-embedding-3-small": { "contextWindow": 8191 } } }
            """,
            ("OPENAI_API_KEY", "sk-1"));
        var chat = snapshot.Models.Resolve("openai/gpt-4o")!.Targets[0];
        Assert.Equal((150_000_000L, 600_000_000L), (chat.Price!.Input, chat.Price.Output));
        Assert.Matches("^config:[0-9a-f]{8}$", chat.Price.Version);
        Assert.Equal((128_000, 99), (chat.Card!.ContextWindow, chat.Card.MaxOutput));
        Assert.Equal(20_000_000, snapshot.Models.Resolve("own-embedding")!.Targets[0].Price!.Input);
        Assert.Equal("catalogue:1", snapshot.Models.Resolve("text-embedding-3-small")!.Targets[0].Price!.Version);
    }

    [Fact]
    public void Compile_UnknownPrice_IsCeilingOrNothingButNeverZero()
    {
        const string routes = """
            "routes": { "lax": { "targets": ["openai/unpriced"], "unknownPrice": "ceiling" }, "strict": { "targets": ["openai/unpriced"], "unknownPrice": "fail" } }
            """;
        var lax = Configured.Snapshot($$"""{ {{routes}} }""", ("OPENAI_API_KEY", "sk-1")).Models;
        Assert.Equal("ceiling:openai", lax.Resolve("openai/unpriced")!.Targets[0].Price!.Version);
        Assert.Equal("ceiling:openai", lax.Resolve("openai/never-heard-of")!.Targets[0].Price!.Version);
        Assert.Null(lax.Resolve("strict")!.Targets[0].Price);

        var strict = Configured.Snapshot($$"""{ "unknownPrice": "fail", {{routes}} }""", ("OPENAI_API_KEY", "sk-1")).Models;
        Assert.Null(strict.Resolve("openai/never-heard-of")!.Targets[0].Price);
        Assert.Equal("ceiling:openai", strict.Resolve("lax")!.Targets[0].Price!.Version);
    }

    [Fact]
    public void Compile_Epoch_IsTheOneGiven()
    {
        var build = ConfigurationBuild.FromBytes("{}"u8, Configured.Inputs() with { Epoch = 42 });
        Assert.Equal(42, build.Snapshot!.Epoch);
    }
}
