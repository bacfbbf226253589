using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Surfaces;

/// <summary>The official npm client's suite, against a gateway with the simulator and a provider that ignores <c>encoding_format</c>.</summary>
public sealed class NpmClientTests(ITestOutputHelper output)
{
    [NodeFact]
    public async Task Suite_OfficialClient_Passes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Wire.FloatEmbeddings));
        await using var gateway = ForgottenFailures.In(await GatewayHost.StartAsync(upstream, settings: """ "simulator": { "enabled": true } """));

        await NodeScript.RunSuiteAsync(
            "openai",
            output,
            ("GATEWAY_URL", gateway.BaseUri.ToString().TrimEnd('/')), ("GATEWAY_KEY", GatewayHost.Key), ("FLOATS_MODEL", "up/floats"));
    }
}
