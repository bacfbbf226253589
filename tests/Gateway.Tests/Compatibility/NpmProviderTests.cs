using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Compatibility;

/// <summary>The official npm clients, each onto a provider of every wire. The model's name says what the fake provider answers.</summary>
public sealed class NpmProviderTests(CompatibilityFixture fixture, ITestOutputHelper output) : IClassFixture<CompatibilityFixture>
{
    [NodeTheory]
    [InlineData("openai-providers")]
    [InlineData("anthropic")]
    [InlineData("genai")]
    [InlineData("bedrock")]
    [InlineData("cohere")]
    [InlineData("langchain")]
    [InlineData("ai")]
    public Task Suite_OfficialClientOntoEveryProvider_Passes(string suite)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        return NodeScript.RunSuiteAsync(
            suite,
            output,
            ("GATEWAY_URL", fixture.Gateway.BaseUri.ToString().TrimEnd('/')),
            ("GATEWAY_HTTP2_URL", fixture.Gateway.Addresses[1].ToString().TrimEnd('/')),
            ("GATEWAY_KEY", GatewayHost.Key),
            ("PROVIDERS", string.Join(',', CompatibilityFixture.Wires.Select(w => w.Provider))));
    }
}
