using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Providers.Credentials.Aws;

namespace Gateway.Tests.Configuration;

public class CredentialSettingsTests
{
    private const string Canary = "canary-0123456789";
    private const string Azure = "\"baseUrl\": \"https://me.openai.azure.com\"";

    [Theory]
    [InlineData("openai", """ "apiKey": "env:K", "keys": [ { "key": "env:K" } ] """, ".keys", "contradicts apiKey")]
    [InlineData("azure", Azure + """, "apiKey": "env:K", "credential": { "entra": {} } """, ".credential", "contradicts apiKey")]
    [InlineData("azure", Azure + """, "keys": [ { "key": "env:K" } ], "credential": { "entra": {} } """, ".credential", "contradicts keys")]
    [InlineData("openai", """ "credential": { "aws": { "region": "us-east-1" } } """, ".credential.aws", "takes a key in the header Authorization")]
    [InlineData("openai", """ "credential": { "google": {} } """, ".credential.google", "contradicts the type")]
    [InlineData("bedrock", """ "credential": { "entra": {} }, "baseUrl": "https://x" """, ".credential.entra", "contradicts the type")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1" }, "google": {} } """, ".credential", "exactly one of")]
    [InlineData("bedrock", """ "credential": {}, "baseUrl": "https://x" """, ".credential", "exactly one of")]
    [InlineData("openai", """ "keys": [] """, ".keys", "is empty")]
    [InlineData("openai", """ "keys": [ {} ] """, ".keys[0].key", "is missing")]
    [InlineData("openai", """ "keys": [ { "key": "canary-0123456789" } ] """, ".keys[0].key", "must not hold a secret")]
    [InlineData("openai", """ "keys": [ { "key": "env:NOPE" } ] """, ".keys[0].key", "NOPE is not set")]
    [InlineData("openai", """ "keys": [ { "key": "env:K", "weight": 0 } ] """, ".keys[0].weight", "from 1 to 1000")]
    [InlineData("openai", """ "keys": [ { "key": "env:K", "id": "a" }, { "key": "env:L", "id": "a" } ] """, ".keys[1].id", "ids must differ")]
    [InlineData("openai", """ "keys": [ { "key": "env:K" }, { "key": "env:K" } ] """, ".keys[1].key", "same as that of an earlier key")]
    [InlineData("openai", """ "keys": [ { "key": "env:K", "models": ["*", "gpt-4o"] } ] """, ".keys[0].models", "no effect")]
    [InlineData("openai", """ "keys": [ { "key": "env:K", "models": [] } ] """, ".keys[0].models", "is empty")]
    [InlineData("bedrock", """ "baseUrl": "https://bedrock-runtime.us-east-1.amazonaws.com", "credential": { "aws": { "region": "us-east-1/../x" } } """, ".credential.aws.region", "must be an AWS region")]
    [InlineData("bedrock", """ "credential": { "aws": { "source": "instance" } }, "baseUrl": "https://proxy.example.com" """, ".credential.aws.region", "AWS_REGION is not set")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1", "accessKeyId": "env:K" } } """, ".credential.aws.secretAccessKey", "two halves")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1", "source": "instance", "accessKeyId": "env:K", "secretAccessKey": "env:L" } } """, ".credential.aws.source", "contradicts accessKeyId")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1", "sessionToken": "env:K" } } """, ".credential.aws.sessionToken", "no effect")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1", "source": "webIdentity", "roleArn": "arn:aws:iam::1:role/r" } } """, ".credential.aws.source", "AWS_WEB_IDENTITY_TOKEN_FILE")]
    [InlineData("bedrock", """ "credential": { "aws": { "region": "us-east-1", "roleArn": "gateway" } } """, ".credential.aws.roleArn", "ARN of a role")]
    [InlineData("azure", Azure + """, "credential": { "entra": { "source": "managedIdentity", "tenantId": "t" } } """, ".credential.entra.tenantId", "no effect")]
    [InlineData("azure", Azure + """, "credential": { "entra": { "source": "azureCli", "clientSecret": "env:K" } } """, ".credential.entra.clientSecret", "no effect")]
    [InlineData("azure", Azure + """, "credential": { "entra": { "clientSecret": "env:K", "clientId": "c" } } """, ".credential.entra.tenantId", "AZURE_TENANT_ID is not set")]
    public void Check_Contradiction_NamesPathAndMend(string provider, string settings, string path, string message)
    {
        var problem = Configured.Problem($$"""{ "providers": { "{{provider}}": { {{settings}} } } }""", ("K", "k"), ("L", "l"));
        Assert.Equal($"$.providers.{provider}{path}", problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ManyMistakes_AreAllReportedAtOnce()
    {
        var build = Configured.Build(
            """
            { "providers": { "openai": { "keys": [ { "key": "env:NOPE", "weight": 0 } ] },
                             "bedrock": { "apiKey": "env:K", "credential": { "aws": { "region": "!", "sessionToken": "env:K" } } } } }
            """,
            ("K", "k"));
        Assert.Equal(
            ["$.providers.bedrock.credential", "$.providers.bedrock.credential.aws.region", "$.providers.bedrock.credential.aws.sessionToken", "$.providers.openai.keys[0].key", "$.providers.openai.keys[0].weight"],
            build.Problems.Select(p => p.Path).Where(p => !p.EndsWith(".baseUrl", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "region": "eu-west-1" }""", "https://bedrock-runtime.eu-west-1.amazonaws.com/", "eu-west-1")]
    [InlineData("{}", "https://bedrock-runtime.us-west-2.amazonaws.com/", "us-west-2")]
    public void Compile_Region_FillsTheAddressAndTheSignature(string aws, string address, string region)
    {
        var snapshot = Configured.Snapshot($$"""{ "providers": { "bedrock": { "credential": { "aws": {{aws}} } } } }""", ("AWS_REGION", "us-west-2"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")).Providers["bedrock"];
        Assert.StartsWith(address, snapshot.Endpoints.First().Value.For("m", stream: false).AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal((region, "the access key in the environment"), (Aws(snapshot).Region, Aws(snapshot).Origin.Source));
    }

    [Fact]
    public void Compile_RegionInTheAddress_ComesBeforeTheEnvironments() =>
        Assert.Equal("eu-north-1", Aws(Configured.Snapshot("""{ "providers": { "bedrock": { "baseUrl": "https://bedrock-runtime.eu-north-1.amazonaws.com" } } }""", ("AWS_REGION", "us-west-2")).Providers["bedrock"]).Region);

    [Fact]
    public void Compile_BedrockKeyInTheEnvironment_IsSentAsABearerAlsoWithoutAFile()
    {
        var snapshot = Configured.Snapshot("{}", ("AWS_BEARER_TOKEN_BEDROCK", "bk"), ("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"));
        Assert.Equal(("Authorization", "Bearer bk"), Configured.Header(snapshot.Providers["bedrock"]));
    }

    [Fact]
    public void Compile_AwsVariablesAlone_EnableNothing() =>
        Assert.Equal("simulator", Assert.Single(Configured.Snapshot("{}", ("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")).Providers).Key);

    [Theory]
    [InlineData("static", "AWS_ACCESS_KEY_ID", "the access key in the configuration")]
    [InlineData(null, "AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_WEB_IDENTITY_TOKEN_FILE,AWS_ROLE_ARN,AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "the access key in the environment")]
    [InlineData(null, "AWS_WEB_IDENTITY_TOKEN_FILE,AWS_ROLE_ARN,AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "the web identity exchange at STS")]
    [InlineData(null, "AWS_WEB_IDENTITY_TOKEN_FILE,AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "the container credentials endpoint")]
    [InlineData(null, "", "the instance metadata service")]
    public void Compile_SeveralSources_TakesTheFirst(string? source, string variables, string expected)
    {
        var aws = source is null ? "" : """, "accessKeyId": "env:AWS_ACCESS_KEY_ID", "secretAccessKey": "env:AWS_ACCESS_KEY_ID" """;
        var snapshot = Configured.Snapshot(
            $$"""{ "providers": { "bedrock": { "credential": { "aws": { "region": "us-east-1"{{aws}} } } } } }""",
            [.. variables.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => (v, "/x"))]);
        Assert.Equal(expected, Aws(snapshot.Providers["bedrock"]).Origin.Source);
    }

    [Fact]
    public void Compile_KeysWithModels_AreTheOnlyModelsListed()
    {
        const string keys = """{ "providers": { "openai": { "keys": [ { "key": "env:K", "models": ["gpt-4*"] }, { "key": "env:L", "models": ["o1"], "weight": 3, "id": "spare" } ] } } }""";
        var models = Configured.Snapshot(keys, ("K", "k"), ("L", "l"), ("AZURE_OPENAI_API_KEY", "a"), ("AZURE_OPENAI_ENDPOINT", "https://me.openai.azure.com")).Models;
        Assert.Equal(["openai/gpt-4o", "azure/gpt-4o"], models.Listed.Select(r => r.Name));
        Assert.Null(models.Resolve("text-embedding-3-small"));
        Assert.True(models.Resolve("openai/text-embedding-3-small")!.Targets[0].LacksKey);
        Assert.Equal("spare", Assert.Single(models.Resolve("openai/o1")!.Targets[0].Credentials!.Keys).Id);
    }

    [Fact]
    public void Compile_RouteToAModelWithoutAKey_IsAProblem()
    {
        var problem = Configured.Problem("""{ "providers": { "openai": { "keys": [ { "key": "env:K", "models": ["gpt-4*"] } ] } }, "routes": { "r": { "targets": ["openai/gpt-4o", "openai/o1"] } } }""", ("K", "k"));
        Assert.Equal("$.routes.r.targets[1]", problem.Path);
    }

    [Fact]
    public void Effective_EveryKind_ShowsWhereAndNeverWhat()
    {
        var build = Configured.Build(
            """
            { "providers": {
                "openai": { "keys": [ { "key": "env:C", "models": ["gpt-4*"] }, { "key": "env:D", "weight": 3, "id": "spare" } ] },
                "bedrock": { "credential": { "aws": { "region": "us-east-1", "accessKeyId": "env:C", "secretAccessKey": "env:D" } } },
                "azure": { "baseUrl": "https://me.openai.azure.com", "credential": { "entra": { "tenantId": "t", "clientId": "c", "clientSecret": "env:C" } } } } }
            """,
            ("C", Canary), ("D", Canary + "2"));
        Assert.Empty(build.Problems);
        var text = Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config!, build.Providers));
        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
        var providers = JsonDocument.Parse(text).RootElement.GetProperty("providers");
        Assert.Equal("""[{"id":"key-1","key":"env:C (set)","weight":1,"models":["gpt-4*"]},{"id":"spare","key":"env:D (set)","weight":3,"models":["*"]}]""", Compact(providers.GetProperty("openai").GetProperty("keys")));
        Assert.Equal("""{"aws":{"from":"the access key in the configuration","region":"us-east-1"}}""", Compact(providers.GetProperty("bedrock").GetProperty("credential")));
        Assert.Equal("""{"entra":{"from":"the Entra application"}}""", Compact(providers.GetProperty("azure").GetProperty("credential")));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static SigV4Credential Aws(Gateway.Providers.ProviderSnapshot provider) => Assert.IsType<SigV4Credential>(provider.Credentials!.Keys[0].Credential);
}
