using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Tests.Docs;

namespace Gateway.Tests.Processes;

public partial class FirstRunTests : ProcessFixture
{
    private const string AnyPort = "GATEWAY__SERVER__URLS=http://127.0.0.1:0";

    [Fact]
    public async Task FirstRun_NoConfiguration_PrintsKeysOnceAndALineThatStreams()
    {
        string key, admin;
        using (var first = await GatewayProcess.StartAsync(Directory, AnyPort))
        {
            // The line comes after the address, and the reader may be behind the start.
            var line = await WaitForLineAsync(first, "curl -N ");
            key = Word(first.Output, "virtual key:");
            admin = Word(first.Output, "admin key:");
            Assert.StartsWith("gw-", key, StringComparison.Ordinal);
            Assert.StartsWith("gw-admin-", admin, StringComparison.Ordinal);

            var streamed = ShellTheoryAttribute.HasCurl ? await RunShellAsync(line) : await SendAsync(line);
            Assert.StartsWith("data: {", streamed, StringComparison.Ordinal);
            Assert.EndsWith("data: [DONE]", streamed.TrimEnd(), StringComparison.Ordinal);
            first.Terminate();
            Assert.Equal(0, await first.WaitForExitAsync());
        }

        using var second = await GatewayProcess.StartAsync(Directory, AnyPort);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, "/v1/models", key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, "/admin/ledger", admin));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(second, "/admin/ledger", key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(second, "/v1/models", admin));
        Assert.DoesNotContain("key:", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gw-", second.Output, StringComparison.Ordinal);
        await AssertNowhereInAsync(Path.Combine(Directory, "data"), key, admin);
    }

    private static async Task<string> WaitForLineAsync(GatewayProcess gateway, string begin)
    {
        for (var looks = 0; looks < 1_000; looks++)
        {
            if (Array.Find(gateway.Output.Split('\n'), l => l.Trim().StartsWith(begin, StringComparison.Ordinal)) is { } line && line.EndsWith('\''))
                return line.Trim();
            using var response = await gateway.Client.GetAsync("/health/live");
        }

        throw new InvalidOperationException("No such line: " + gateway.Output);
    }

    private static string Word(string output, string after) =>
        Array.Find(output.Split('\n'), l => l.Contains(after, StringComparison.Ordinal))!.Split(after)[1].Trim();

    /// <summary>Does what curl would.</summary>
    private static async Task<string> SendAsync(string line)
    {
        var parts = CurlLine().Match(line).Groups;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, parts[1].Value);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(parts[2].Value);
        request.Content = new StringContent(parts[3].Value, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("""^curl -N (\S+) -H "Authorization: (.+?)" -H "Content-Type: application/json" -d '(.+)'$""")]
    private static partial Regex CurlLine();

    private static async Task<string> RunShellAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line + " -sS"]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return output;
    }

    private static async Task<HttpStatusCode> StatusAsync(GatewayProcess gateway, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await gateway.Client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Keys are kept as hashes only.</summary>
    private static async Task AssertNowhereInAsync(string directory, params string[] secrets)
    {
        foreach (var file in System.IO.Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using (open)
            {
                var bytes = new byte[open.Length];
                await open.ReadExactlyAsync(bytes);
                foreach (var secret in secrets)
                    Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, file);
            }
        }
    }
}
