using Gateway.Configuration;
using Gateway.Protocol;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Configuration;

public class ProviderCompilerTests
{
    [Fact]
    public void Compile_NothingSet_EnablesOnlyTheSimulator()
    {
        var provider = Assert.Single(Configured.Snapshot("{}").Providers).Value;
        Assert.Equal(("simulator", "simulator"), (provider.Id, provider.TelemetryName));
        Assert.Equal("http://127.0.0.1:49152/v1/chat/completions", provider.Endpoints[Operation.ChatCompletions].For("m", stream: false).AbsoluteUri);
        Assert.Null(provider.Credentials);
    }

    [Fact]
    public void Compile_ConventionalVariables_EnableProvidersFirstPartyFirst()
    {
        var build = Configured.Build(
            "{}",
            ("OLLAMA_HOST", "0.0.0.0"),
            ("OPENROUTER_API_KEY", "or"),
            ("OPENAI_API_KEY", "sk-1"),
            ("OPENAI_ORG_ID", "org-7"),
            ("GEMINI_API_KEY", "g"),
            ("AZURE_OPENAI_API_KEY", "az"),
            ("AZURE_OPENAI_ENDPOINT", "https://me.openai.azure.com/"));
        Assert.Empty(build.Problems);
        Assert.Equal(["openai", "gemini", "azure", "openrouter", "ollama"], build.Providers.Select(p => p.Snapshot.Id));

        var providers = build.Snapshot!.Providers;
        Assert.Equal(("Authorization", "Bearer sk-1"), Configured.Header(providers["openai"]));
        Assert.Equal(KeyValuePair.Create("OpenAI-Organization", "org-7"), Assert.Single(providers["openai"].ExtraHeaders));
        Assert.Equal(("api-key", "az"), Configured.Header(providers["azure"]));
        Assert.Equal("https://me.openai.azure.com/openai/v1/responses", providers["azure"].Endpoints[Operation.Responses].For("m", stream: false).AbsoluteUri);
        Assert.Equal("https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse", providers["gemini"].Endpoints[Operation.GenerateContent].For("m", stream: true).AbsoluteUri);
        Assert.Equal("http://localhost:11434/v1/embeddings", providers["ollama"].Endpoints[Operation.Embeddings].For("m", stream: false).AbsoluteUri);
        Assert.Null(providers["ollama"].Credentials);
        Assert.Equal("azure.ai.openai", providers["azure"].TelemetryName);
    }

    [Theory]
    [InlineData("AZURE_OPENAI_API_KEY")]
    [InlineData("CLOUDFLARE_API_TOKEN")]
    [InlineData("DATABRICKS_TOKEN")]
    [InlineData("OLLAMA_API_KEY")]
    [InlineData("GITHUB_TOKEN")]
    public void Compile_VariablesThatDoNotSuffice_EnableNothing(string variable) =>
        Assert.Equal("simulator", Assert.Single(Configured.Snapshot("{}", (variable, "x")).Providers).Key);

    [Theory]
    [InlineData("azure", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT")]
    [InlineData("cloudflare", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID")]
    public void Compile_DeclaredWithoutItsAddress_NamesTheMissingVariable(string id, string key, string missing)
    {
        var problem = Configured.Problem($$"""{ "providers": { "{{id}}": {} } }""", (key, "x"));
        Assert.Equal($"$.providers.{id}.baseUrl", problem.Path);
        Assert.Contains(missing, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_UrlVariables_AreFilledIn()
    {
        var provider = Configured.Snapshot("{}", ("CLOUDFLARE_API_TOKEN", "t"), ("CLOUDFLARE_ACCOUNT_ID", "acc/1")).Providers["cloudflare"];
        Assert.Equal("https://api.cloudflare.com/client/v4/accounts/acc%2F1/ai/v1/chat/completions", provider.Endpoints[Operation.ChatCompletions].For("m", stream: false).AbsoluteUri);
    }

    [Theory]
    [InlineData("europe-west1", "https://europe-west1-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west1/publishers/google/models/m:generateContent")]
    [InlineData("global", "https://aiplatform.googleapis.com/v1/projects/p-1/locations/global/publishers/google/models/m:generateContent")]
    [InlineData("eu", "https://aiplatform.eu.rep.googleapis.com/v1/projects/p-1/locations/eu/publishers/google/models/m:generateContent")]
    public void Compile_LocationOfVertex_ChoosesTheHost(string location, string expected)
    {
        var provider = Configured.Snapshot("{}", ("GOOGLE_OAUTH_ACCESS_TOKEN", "t"), ("GOOGLE_CLOUD_PROJECT", "p-1"), ("GOOGLE_CLOUD_LOCATION", location)).Providers["vertex"];
        Assert.Equal(expected, provider.Endpoints[Operation.GenerateContent].For("m", stream: false).AbsoluteUri);
    }

    [Fact]
    public void Compile_NativeWires_HaveTheirOwnPathsHeadersAndKeys()
    {
        var providers = Configured.Snapshot(
            """{ "providers": { "anthropic": {}, "mine": { "type": "anthropic", "baseUrl": "http://10.0.0.9", "headers": { "Anthropic-Version": "2099-01-01" } } } }""",
            ("ANTHROPIC_API_KEY", "ak"), ("AWS_BEARER_TOKEN_BEDROCK", "bt"), ("AWS_REGION", "eu-west-1"), ("COHERE_API_KEY", "co")).Providers;
        Assert.Equal(("x-api-key", "ak"), Configured.Header(providers["anthropic"]));
        Assert.Equal([new("anthropic-version", "2023-06-01")], providers["anthropic"].ExtraHeaders);
        Assert.Equal([new("Anthropic-Version", "2099-01-01")], providers["mine"].ExtraHeaders);
        Assert.Equal("http://10.0.0.9/v1/messages", providers["mine"].Endpoints[Operation.Messages].For("m", stream: true).AbsoluteUri);
        Assert.Equal(
            "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-3-5%3A0/converse-stream",
            providers["bedrock"].Endpoints[Operation.Converse].For("anthropic.claude-3-5:0", stream: true).AbsoluteUri);
        Assert.Equal("https://api.cohere.com/v2/rerank", providers["cohere"].Endpoints[Operation.CohereRerank].For("m", stream: false).AbsoluteUri);
    }

    [Fact]
    public void Compile_CustomPathWithModelAndQuery_IsTaken()
    {
        var provider = Configured.Snapshot(
            """{ "providers": { "classic": { "type": "azure", "baseUrl": "https://me.openai.azure.com", "apiKey": "env:K", "paths": { "chatCompletions": "/openai/deployments/{model}/chat/completions?api-version=2024-10-21" } } } }""",
            ("K", "k")).Providers["classic"];
        Assert.Equal("https://me.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", provider.Endpoints[Operation.ChatCompletions].For("gpt-4o", stream: true).AbsoluteUri);
    }

    [Fact]
    public void Compile_DeclaredAndDiscovered_DeclaredComeFirstInTheirOrder()
    {
        var build = Configured.Build(
            """
            { "providers": {
                "local": { "type": "openai-compatible", "baseUrl": "http://10.0.0.1:9000/v1", "supportsStreamUsage": false, "timeouts": { "idle": 5 },
                           "headers": { "X-Team": "blue", "X-Token": "env:TEAM_TOKEN" }, "paths": { "responses": null, "embeddings": "/v2/embed" } },
                "groq": {} } }
            """,
            ("OPENAI_API_KEY", "sk-1"),
            ("GROQ_API_KEY", "gq"),
            ("TEAM_TOKEN", "tt"));
        Assert.Empty(build.Problems);
        Assert.Equal([("local", "file"), ("groq", "file"), ("openai", "environment")], build.Providers.Select(p => (p.Snapshot.Id, p.Source)));
        var local = build.Providers[0].Snapshot;
        Assert.Equal("local", local.TelemetryName);
        Assert.False(local.SupportsStreamUsage);
        Assert.Equal(5, local.Timeouts.Idle.TotalSeconds);
        Assert.Equal(10, local.Timeouts.Connect.TotalSeconds);
        Assert.Equal([new("X-Team", "blue"), new("X-Token", "tt")], local.ExtraHeaders);
        Assert.False(local.Endpoints.ContainsKey(Operation.Responses));
        Assert.Equal("http://10.0.0.1:9000/v1/v2/embed", local.Endpoints[Operation.Embeddings].For("m", stream: false).AbsoluteUri);
    }

    [Fact]
    public void Compile_DisabledInTheFile_IsNotDiscovered() =>
        Assert.Equal("simulator", Assert.Single(Configured.Snapshot("""{ "providers": { "openai": { "enabled": false } } }""", ("OPENAI_API_KEY", "sk-1")).Providers).Key);

    [Fact]
    public void Compile_SimulatorAskedFor_ComesLast()
    {
        var build = Configured.Build("""{ "simulator": { "enabled": true } }""", ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal(["openai", "simulator"], build.Providers.Select(p => p.Snapshot.Id));
    }

    [Theory]
    [InlineData("""{ "simulator": { "enabled": false } }""", "$.simulator.enabled", "nothing could answer")]
    [InlineData("""{ "providers": { "simulator": {} } }""", "$.providers.simulator", "built in")]
    [InlineData("""{ "providers": { "opena": {} } }""", "$.providers.opena.type", "did you mean \"openai\"?")]
    [InlineData("""{ "providers": { "mine": { "type": "openai-compatible" } } }""", "$.providers.mine.baseUrl", "is missing")]
    [InlineData("""{ "providers": { "openai": {} } }""", "$.providers.openai.apiKey", "OPENAI_API_KEY is not set")]
    [InlineData("""{ "providers": { "openai": { "apiKey": "env:NOPE" } } }""", "$.providers.openai.apiKey", "NOPE is not set")]
    [InlineData("""{ "providers": { "openai": { "apiKey": "file:/no/such/file" } } }""", "$.providers.openai.apiKey", "does not exist")]
    [InlineData("""{ "providers": { "openai": { "apiKey": "sk-literal" } } }""", "$.providers.openai.apiKey", "env:NAME")]
    [InlineData("""{ "providers": { "vllm": { "baseUrl": "http://me:pw@host/" } } }""", "$.providers.vllm.baseUrl", "user name or password")]
    [InlineData("""{ "providers": { "vllm": { "baseUrl": "host:80" } } }""", "$.providers.vllm.baseUrl", "http:// or https://")]
    [InlineData("""{ "providers": { "vllm": { "headers": { "authorization": "env:K" } } } }""", "$.providers.vllm.headers.authorization", "apiKey")]
    [InlineData("""{ "providers": { "vllm": { "headers": { "X-A": "1", "x-a": "2" } } } }""", "$.providers.vllm.headers['x-a']", "different case")]
    [InlineData("""{ "providers": { "perplexity": { "apiKey": "env:K", "paths": { "embeddings": null } } } }""", "$.providers.perplexity.paths.embeddings", "no effect")]
    [InlineData("""{ "providers": { "perplexity": { "apiKey": "env:K", "paths": { "chatCompletions": null } } } }""", "$.providers.perplexity.paths", "no operation")]
    [InlineData("""{ "providers": { "vllm": { "paths": { "responses": "responses" } } } }""", "$.providers.vllm.paths.responses", "begins with '/'")]
    [InlineData("""{ "providers": { "BAD": { "type": "vllm" } } }""", "$.providers.BAD", "lower-case")]
    public void Compile_WrongProvider_NamesItAndTheMend(string json, string path, string message)
    {
        var problem = Configured.Problem(json, ("K", "k"));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-literal", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "not a url")]
    [InlineData("OPENAI_API_KEY", "two words")]
    public void Compile_MalformedConventionalVariable_IsNamed(string name, string value)
    {
        var environment = new Dictionary<string, string> { ["OPENAI_API_KEY"] = "sk-1", [name] = value };
        var build = Configured.Build("{}", [.. environment.Select(e => (e.Key, e.Value))]);
        Assert.Equal("env " + name, build.Problems[0].Path);
        Assert.DoesNotContain(build.Problems, p => p.Message.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_KeyInAFile_IsReadRelativeToTheConfiguration()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "key.txt"), "sk-from-file\n");
        var build = ConfigurationBuild.FromBytes("""{ "providers": { "openai": { "apiKey": "file:key.txt" } } }"""u8, Configured.Inputs(), directory.Path);
        Assert.Empty(build.Problems);
        Assert.Equal("Bearer sk-from-file", Configured.Header(build.Providers[0].Snapshot).Value);
    }
}
