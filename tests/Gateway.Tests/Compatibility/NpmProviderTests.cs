using System.Diagnostics;
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
    public async Task Suite_OfficialClientOntoEveryProvider_Passes(string suite)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=tap", suite + ".test.mjs"])
        {
            WorkingDirectory = NodeFactAttribute.Suite,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["GATEWAY_URL"] = fixture.Gateway.BaseUri.ToString().TrimEnd('/'),
                ["GATEWAY_HTTP2_URL"] = fixture.Gateway.Addresses[1].ToString().TrimEnd('/'),
                ["GATEWAY_KEY"] = GatewayHost.Key,
                ["PROVIDERS"] = string.Join(',', CompatibilityFixture.Wires.Select(w => w.Provider)),
            },
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
