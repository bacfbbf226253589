using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Compatibility;

/// <summary>The official npm clients through the gateway onto an upstream that is not ours either: both ends are judges.</summary>
public sealed partial class AimockTests(AimockFixture fixture, ITestOutputHelper output) : IClassFixture<AimockFixture>
{
    // What aimock 1.43.0 does not do as its models do: Ollama's token counts and thinking, Cohere's thinking (it is sent as text), Bedrock's
    // streamed InvokeModel (its chunks lack "bytes"), and a first count of one output token in Anthropic's streams.
    private const string Gaps = "llama:usage,llama:thinking,co:thinking,aws:invoke stream,claude:first count";

    private static readonly string[] EveryWire =
    [
        "/api/chat", "/api/v1/chat/completions", "/model/M/converse", "/model/M/converse-stream", "/openai/v1/chat/completions", "/v1/chat/completions", "/v1/messages",
        "/v1/projects/p/locations/l/publishers/google/models/M:generateContent", "/v1/projects/p/locations/l/publishers/google/models/M:streamGenerateContent",
        "/v1/responses", "/v1beta/models/M:generateContent", "/v1beta/models/M:streamGenerateContent", "/v2/chat",
    ];

    [NodeTheory]
    [InlineData("openai-providers")]
    [InlineData("anthropic")]
    [InlineData("genai")]
    [InlineData("bedrock")]
    [InlineData("cohere")]
    [InlineData("langchain")]
    [InlineData("ai")]
    public async Task Suite_OfficialClientOntoAimock_Passes(string suite)
    {
        (await fixture.Upstream.DeleteAsync("/v1/_requests")).Dispose();

        await NodeScript.RunSuiteAsync(
            suite,
            output,
            ("GATEWAY_URL", fixture.Gateway.BaseUri.ToString().TrimEnd('/')),
            ("GATEWAY_HTTP2_URL", fixture.Gateway.Addresses[1].ToString().TrimEnd('/')),
            ("GATEWAY_KEY", GatewayHost.Key),
            ("PROVIDERS", string.Join(',', AimockFixture.Providers)),
            ("GAPS", Gaps));

        var paths = JsonNode.Parse(await fixture.Upstream.GetStringAsync("/v1/_requests"))!.AsArray()
            .Select(request => Model().Replace(new Uri(fixture.Upstream.BaseAddress!, (string)request!["path"]!).AbsolutePath, "M"));
        Assert.Empty(EveryWire.Except(paths));
    }

    [GeneratedRegex("(?<=/models?/)[a-z]+(?=[:/])")]
    private static partial Regex Model();
}
