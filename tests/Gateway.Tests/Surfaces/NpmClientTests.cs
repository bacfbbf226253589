using System.Diagnostics;
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
        await using var gateway = await GatewayHost.StartAsync(upstream, settings: """ "simulator": { "enabled": true } """);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var start = new ProcessStartInfo("node", "--test --test-reporter=tap openai.test.mjs")
        {
            WorkingDirectory = NodeFactAttribute.Suite,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GATEWAY_URL"] = gateway.BaseUri.ToString().TrimEnd('/'), ["GATEWAY_KEY"] = GatewayHost.Key, ["FLOATS_MODEL"] = "up/floats" },
        };

        using var node = Process.Start(start)!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            var tap = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            output.WriteLine(tap);
            output.WriteLine(await errors);

            Assert.True(node.ExitCode == 0, string.Join('\n', tap.Split('\n').Where(line => line.Contains("not ok ", StringComparison.Ordinal) || line.Contains("error:", StringComparison.Ordinal))));
            Assert.Contains("# fail 0", tap);
            Assert.Contains("# skipped 0", tap);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
