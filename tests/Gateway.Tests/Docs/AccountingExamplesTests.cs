using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Docs;

/// <summary>Runs the commands of docs/accounting.md against a gateway that has answered a request.</summary>
public sealed partial class AccountingExamplesTests
{
    [ShellTheory]
    [InlineData("docs/accounting.md")]
    public async Task Commands_AsDocumented_ShowWhatTheLedgerHas(string page)
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        using var reply = await gateway.PostAsync("/v1/chat/completions", """{"model":"simulator/echo","messages":[{"role":"user","content":"hi"}]}""");
        reply.EnsureSuccessStatusCode();
        await reply.Content.ReadAsStringAsync();
        await PublishedAsync(gateway);
        var blocks = Marked().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page))).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, blocks.Count);

        var usage = JsonDocument.Parse(await RunAsync(gateway, blocks[0])).RootElement;
        var entry = Assert.Single(await gateway.LedgerAsync());
        var row = Assert.Single(usage.GetProperty("data").EnumerateArray());
        Assert.Equal("simulator/echo", row.GetProperty("id").GetString());
        Assert.Equal((1, 1), (row.GetProperty("requests").GetInt64(), row.GetProperty("completed").GetInt64()));
        foreach (var sum in new[] { "input_tokens", "output_tokens", "cost_nano_usd" })
            Assert.Equal(entry.GetProperty(sum).GetInt64(), row.GetProperty(sum).GetInt64());

        var jobs = await RunAsync(gateway, blocks[1]);
        Assert.Contains("reconcile-budgets", jobs, StringComparison.Ordinal);
        Assert.Contains("\"days\":1", jobs, StringComparison.Ordinal);
        Assert.Single(JsonDocument.Parse(await RunAsync(gateway, blocks[0])).RootElement.GetProperty("data").EnumerateArray());
    }

    // Usage goes its way in the background; the gateway says when it has arrived.
    private static async Task PublishedAsync(GatewayHost gateway)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var ready = JsonDocument.Parse(await gateway.Client.GetStringAsync("/health/ready", limit.Token)).RootElement;
            if (ready.GetProperty("usage").GetProperty("unpublishedEntries").GetInt64() == 0)
                return;
        }
    }

    private static async Task<string> RunAsync(GatewayHost gateway, string command)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GATEWAY_URL"] = gateway.BaseUri.GetLeftPart(UriPartial.Authority);
        start.Environment["GATEWAY_ADMIN_KEY"] = GatewayHost.AdminKey;
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\n{output}{await errors}");
        return output;
    }

    [GeneratedRegex("<!-- run -->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
