using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Hosting;

public class HotReloadTests(ITestOutputHelper output)
{
    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";
    private const string Request = """{"model":"fast","messages":[]}""";

    [Fact]
    public async Task Reload_UnderLoad_DropsNoRequestAndRefusesBadEdits()
    {
        const int Edits = 16;
        const int Workers = 8;
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        await using var gateway = await GatewayHost.StartAsync(Settings(upstream, "m-0"));
        using var stop = new CancellationTokenSource();
        var served = 0;
        var failed = 0;
        var workers = Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await gateway.PostAsync("/v1/chat/completions", Request);
                var body = await response.Content.ReadAsStringAsync();
                Interlocked.Increment(ref served);
                if (response.StatusCode != HttpStatusCode.OK || body != Whole)
                    Interlocked.Increment(ref failed);
            }
        }).ToArray();

        for (var edit = 1; edit <= Edits; edit++)
        {
            if (edit % 2 == 1)
            {
                var swapped = Swapped(gateway);
                await gateway.WriteConfigurationAsync(Settings(upstream, $"m-{edit}"));
                await swapped.WaitAsync(TimeSpan.FromSeconds(30));
                await WaitForRefusalsAsync(gateway, any: false);
            }
            else
            {
                await gateway.WriteConfigurationAsync(Settings(upstream, $"m-{edit}") + """, "limit": { "maxConcurrentRequests": 1 } """);
                var refused = await WaitForRefusalsAsync(gateway, any: true);
                Assert.Contains("$.limit", Assert.Single(refused), StringComparison.Ordinal);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        output.WriteLine($"{Edits} edits, {served} requests, {failed} failed");
        Assert.Equal(0, failed);
        Assert.True(served > Edits);
        var asked = upstream.Exchanges.Select(e => JsonDocument.Parse(e.BodyText).RootElement.GetProperty("model").GetString()).Distinct();
        Assert.Equal(Enumerable.Range(0, Edits).Where(i => i % 2 == 1).Select(i => $"m-{i}").Prepend("m-0"), asked);
    }

    [Fact]
    public async Task Reload_RouteRemovedDuringStream_StreamEndsOnTheOldConfiguration()
    {
        var go = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Stream()
            .Event("""{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"one"}}]}""").Wait(go.Task)
            .Event("""{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""").Done());
        await using var gateway = await GatewayHost.StartAsync(Settings(upstream, "m-0"));
        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"fast","stream":true,"messages":[]}""");
        var swapped = Swapped(gateway);
        await gateway.WriteConfigurationAsync("""
            "providers": { "other": { "type": "openai-compatible", "baseUrl": "http://127.0.0.1:9/v1" } }
            """);
        await swapped.WaitAsync(TimeSpan.FromSeconds(30));
        using (var after = await gateway.PostAsync("/v1/chat/completions", Request))
            Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        go.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_KeysAddedAndDisabledInTheFile_TakeEffect()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        await using var gateway = await GatewayHost.StartAsync(Settings(upstream, "m"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await AskAsync(gateway, GatewayHost.Key), await AskAsync(gateway, "gw-second")));

        var secret = Path.Combine(Path.GetDirectoryName(gateway.ConfigurationPath)!, "second.key");
        await File.WriteAllTextAsync(secret, "gw-second");
        var swapped = Swapped(gateway);
        await gateway.WriteConfigurationAsync(Settings(upstream, "m") + """
            , "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["*"], "disabled": true },
              { "id": "second", "value": "file:second.key", "models": ["*"] }
            ]
            """);
        await swapped.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync(gateway, GatewayHost.Key), await AskAsync(gateway, "gw-second")));

        // The value in the secret's file is rotated: the old one is dead, the configuration itself untouched.
        swapped = Swapped(gateway);
        await File.WriteAllTextAsync(secret, "gw-rotated");
        await swapped.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync(gateway, "gw-second"), await AskAsync(gateway, "gw-rotated")));
    }

    private static string Settings(ScriptedUpstream upstream, string model) => $$"""
        "providers": { "up": { "type": "openai-compatible", "baseUrl": "{{upstream.BaseUri}}" } }, "routes": { "fast": { "targets": ["up/{{model}}"] } }
        """;

    private static Task Swapped(GatewayHost gateway)
    {
        var swapped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Get<SnapshotHolder>().Swapped += _ => swapped.TrySetResult();
        return swapped.Task;
    }

    private static async Task<string[]> WaitForRefusalsAsync(GatewayHost gateway, bool any)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var response = await gateway.Client.GetAsync("/health/ready", limit.Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
            var refused = json.RootElement.GetProperty("refusedConfiguration").EnumerateArray().Select(p => p.GetString()!).ToArray();
            if (refused.Length > 0 == any)
                return refused;
        }
    }

    private static async Task<HttpStatusCode> AskAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Request, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await gateway.Client.SendAsync(request);
        return response.StatusCode;
    }
}
