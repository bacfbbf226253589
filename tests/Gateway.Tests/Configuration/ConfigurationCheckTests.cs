using System.Text.Json;
using Gateway.Configuration;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Configuration;

public sealed class ConfigurationCheckTests : IDisposable
{
    private const string Canary = "canary-sk-0123456789";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Run_ThreeMistakes_PrintsOneLineEachAndFails()
    {
        var (code, output) = Run("""{ "servr": {}, "unknownPrice": "zero", "routes": { "r": { "targets": ["nowhere/x"] } } }""");
        Assert.Equal(1, code);
        var lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("$.servr: is not a setting; did you mean \"server\"? (line 1, column ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("$.unknownPrice: must be", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("$.routes.r.targets[0]: names the provider \"nowhere\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GoodFile_PrintsWhatItAmountsTo()
    {
        var (code, output) = Run(
            """
            { "providers": { "groq": { "apiKey": "env:K", "headers": { "X-Secret": "env:K", "X-Plain": "visible-or-not" } } },
              "routes": { "r": { "targets": ["groq/llama"], "timeouts": { "idle": 5.5 } } },
              "models": { "groq/llama": { "inputPerMtok": 0.05, "outputPerMtok": 0.08 } },
              "keys": [ { "id": "ci", "value": "env:K", "models": ["r"] } ] }
            """,
            ("K", "secret"),
            ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal(0, code);
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("http://localhost:8080", root.GetProperty("server").GetProperty("urls")[0].GetString());
        Assert.Equal(5_000, root.GetProperty("limits").GetProperty("maxConcurrentRequests").GetInt32());
        var providers = root.GetProperty("providers");
        Assert.Equal("env:K (set)", providers.GetProperty("groq").GetProperty("apiKey").GetString());
        Assert.Equal("env:K (set)", providers.GetProperty("groq").GetProperty("headers").GetProperty("X-Secret").GetString());
        Assert.Equal("*** (set)", providers.GetProperty("groq").GetProperty("headers").GetProperty("X-Plain").GetString());
        Assert.Equal("environment", providers.GetProperty("openai").GetProperty("from").GetString());
        Assert.Equal("env:OPENAI_API_KEY (set)", providers.GetProperty("openai").GetProperty("apiKey").GetString());
        Assert.Equal(5.5, root.GetProperty("routes").GetProperty("r").GetProperty("timeouts").GetProperty("idle").GetDouble());
        Assert.Equal(0.05, root.GetProperty("models").GetProperty("groq/llama").GetProperty("inputPerMtok").GetDouble());
        Assert.Equal("env:K (set)", root.GetProperty("keys")[0].GetProperty("value").GetString());
    }

    [Fact]
    public void Run_FileMissing_IsAProblemOnlyWhenItWasAskedFor()
    {
        var missing = Path.Combine(_directory.Path, "missing.json");
        Assert.Equal(0, ConfigurationCheck.Run(missing, optional: true, new Dictionary<string, string>(), FakeCatalogue.Instance, TextWriter.Null));
        using var output = new StringWriter();
        Assert.Equal(1, ConfigurationCheck.Run(missing, optional: false, new Dictionary<string, string>(), FakeCatalogue.Instance, output));
        Assert.Contains("does not exist", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "providers": { "openai": { "apiKey": "CANARY" } } }""")]
    [InlineData("""{ "providers": { "openai": { "apiKey": "env:SECRET" } } }""")]
    [InlineData("""{ "providers": { "openai": { "apiKey": ["CANARY"] } } }""")]
    [InlineData("""{ "providers": { "openai": { "apikey": "CANARY" } } }""")]
    [InlineData("""{ "providers": { "openai": { "apiKey": CANARY } } }""")]
    [InlineData("""{ "providers": { "openai": "CANARY" } }""")]
    [InlineData("""{ "providers": { "vllm": { "baseUrl": "http://me:CANARY@host" } } }""")]
    [InlineData("""{ "providers": { "vllm": { "baseUrl": "http://host/?key=CANARY" } } }""")]
    [InlineData("""{ "providers": { "vllm": { "headers": { "X-Token": "CANARY" } } } }""")]
    [InlineData("""{ "providers": { "vllm": { "headers": { "X-Token": "CANARY\n" } } } }""")]
    [InlineData("""{ "providers": { "vllm": { "headers": { "Authorization": "CANARY" } } } }""")]
    [InlineData("""{ "providers": { "vllm": { "apiKey": "env:BROKEN" } } }""")]
    [InlineData("""{ "keys": [ { "id": "a", "value": "CANARY", "models": ["*"] } ] }""")]
    [InlineData("""{ "keys": [ { "id": "a", "hash": "CANARY", "models": ["*"] } ] }""")]
    [InlineData("""{ "keys": [ { "id": "a", "value": "env:SECRET", "models": ["*"] } ] }""")]
    [InlineData("""{ "logging": { "level": "CANARY" } }""")]
    public void Run_AnySecretAnywhere_IsNeverPrinted(string json)
    {
        var (_, output) = Run(json.Replace("CANARY", Canary, StringComparison.Ordinal), ("SECRET", Canary), ("BROKEN", Canary + " x"), ("GROQ_API_KEY", Canary), ("OPENAI_ORG_ID", Canary), ("OPENAI_API_KEY", Canary));
        Assert.NotEmpty(output);
        Assert.DoesNotContain(Canary, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SecretInAnOverride_IsNeverPrinted()
    {
        var (code, output) = Run("{}", ("GATEWAY__PROVIDERS__OPENAI__APIKEY", Canary), ("GATEWAY__LIMITS__MAXREPLYBYTES", Canary));
        Assert.Equal(1, code);
        Assert.Contains("env GATEWAY__PROVIDERS__OPENAI__APIKEY", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, output, StringComparison.Ordinal);
    }

    private (int Code, string Output) Run(string json, params (string Name, string Value)[] environment)
    {
        var path = Path.Combine(_directory.Path, "gateway.json");
        File.WriteAllText(path, json);
        using var output = new StringWriter();
        var code = ConfigurationCheck.Run(path, optional: false, environment.ToDictionary(e => e.Name, e => e.Value), FakeCatalogue.Instance, output);
        return (code, output.ToString());
    }
}
