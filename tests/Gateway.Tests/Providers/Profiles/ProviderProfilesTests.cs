using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Profiles;

namespace Gateway.Tests.Providers.Profiles;

public class ProviderProfilesTests
{
    [Fact]
    public void All_Profiles_AreWhole()
    {
        Assert.Equal(ProviderProfiles.All.Count, ProviderProfiles.All.Select(p => p.Id).Distinct().Count());
        foreach (var profile in ProviderProfiles.All)
        {
            Assert.Contains(profile.Paths.Keys, operation => operation.IsChat());
            Assert.All(profile.Paths.Values, path => Assert.Null(ProviderEndpoint.Fault(path)));
            Assert.Contains(profile.Credential.Scheme, new[] { "header", "sigv4", "google" });
            Assert.Contains("{key}", profile.Credential.Format, StringComparison.Ordinal);
            Assert.False(profile.Credential.Required && profile.Credential.Variables.Count == 0, profile.Id);
            Assert.True(profile.BaseUrl is not null || profile.BaseUrlVariables.Count > 0 || profile.Id == "openai-compatible", profile.Id);
            var address = profile.BaseUrl;
            Assert.All(profile.BaseUrlChoices, choice => Assert.Contains(choice.Variable, profile.UrlVariables.Select(v => v.Key)));
            foreach (var (name, variables) in profile.UrlVariables)
            {
                Assert.NotEmpty(variables);
                Assert.Contains("{" + name + "}", address, StringComparison.Ordinal);
                address = address!.Replace("{" + name + "}", "x", StringComparison.Ordinal);
            }

            if (address is not null) Assert.Null(EndpointAddress.Parse(address, out _));
        }
    }

    [Fact]
    public void All_Variables_BelongToOneProfileEach()
    {
        var variables = ProviderProfiles.All.SelectMany(p => p.Credential.Variables.Concat(p.BaseUrlVariables)).ToList();
        Assert.Equal(variables.Count, variables.Distinct().Count());
    }

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("azure", "azure.ai.openai")]
    [InlineData("gemini", "gcp.gemini")]
    [InlineData("xai", "x_ai")]
    [InlineData("mistral", "mistral_ai")]
    [InlineData("bedrock", "aws.bedrock")]
    public void Find_KnownProvider_HasItsTelemetryName(string id, string name) => Assert.Equal(name, ProviderProfiles.Find(id)!.TelemetryName);

    [Theory]
    [InlineData("mistral", false, true)]
    [InlineData("perplexity", false, true)]
    [InlineData("xai", true, false)]
    [InlineData("openai", true, true)]
    public void Find_KnownProvider_HasItsQuirks(string id, bool streamUsage, bool reasoningInOutput)
    {
        var profile = ProviderProfiles.Find(id)!;
        Assert.Equal((streamUsage, reasoningInOutput), (profile.SupportsStreamUsage, profile.ReasoningInOutput));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    [InlineData("anthropic")]
    [InlineData("bedrock")]
    [InlineData("vertex")]
    [InlineData("gemini")]
    [InlineData("mistral")]
    [InlineData("cohere")]
    [InlineData("groq")]
    [InlineData("xai")]
    [InlineData("deepseek")]
    [InlineData("together")]
    [InlineData("fireworks")]
    [InlineData("openrouter")]
    [InlineData("perplexity")]
    [InlineData("cerebras")]
    [InlineData("nvidia")]
    [InlineData("huggingface")]
    [InlineData("sambanova")]
    [InlineData("github-models")]
    [InlineData("databricks")]
    [InlineData("deepinfra")]
    [InlineData("novita")]
    [InlineData("moonshot")]
    [InlineData("zai")]
    [InlineData("alibaba")]
    [InlineData("cloudflare")]
    [InlineData("ollama")]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("lmstudio")]
    public void Find_PromisedProvider_IsThere(string id) => Assert.NotNull(ProviderProfiles.Find(id));

    [Fact]
    public void Find_Simulator_IsNoProfile() => Assert.Null(ProviderProfiles.Find(ProviderProfiles.Simulator));
}
