using System.Diagnostics;
using System.Net;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

public class TerminateTests : ProcessFixture
{
    [Fact]
    public async Task Terminate_StreamInFlight_FinishesItWholeAndExitsWithZero()
    {
        var go = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(
            Script.Stream().Event(ContentEvent("one")).Wait(go.Task).Event(ContentEvent("two")).Event(FinishEvent).Event(UsageEvent).Done());
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri);
        using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        using var response = await gateway.PostAsync("/v1/chat/completions", StreamRequest);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("one", await reader.ReadLineAsync(), StringComparison.Ordinal);

        gateway.Terminate();
        Assert.True(await IsClosedToNewWorkAsync(gateway));
        go.SetResult();

        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.WaitForExitAsync());
        using var next = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        var entry = Assert.Single(await next.LedgerAsync());
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), entry.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Terminate_WithDrainDelay_IsNotReadyButStillServes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(WholeReply);
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri, server: """, "drainDelaySeconds": 2 """);
        using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        gateway.Terminate();
        HttpStatusCode ready;
        do
        {
            using var response = await gateway.Client.GetAsync("/health/ready");
            ready = response.StatusCode;
        }
        while (ready == HttpStatusCode.OK); // the signal is on its way
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        using var still = await gateway.PostAsync("/v1/chat/completions", WholeRequest);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task Terminate_StreamLongerThanTheLimit_EndsImproperlyAndIsRecorded()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Stream().Event(ContentEvent("one")).ThenHang());
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri, server: """, "drainSeconds": 1 """);
        using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        using var response = await gateway.PostAsync("/v1/chat/completions", StreamRequest);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("one", await reader.ReadLineAsync(), StringComparison.Ordinal);

        var asked = Stopwatch.GetTimestamp();
        gateway.Terminate();
        await Assert.ThrowsAnyAsync<IOException>(reader.ReadToEndAsync);
        Assert.Equal(0, await gateway.WaitForExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 0.9, 15);
        Assert.DoesNotContain("   at ", gateway.Output + gateway.Errors, StringComparison.Ordinal);

        using var next = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        var entry = Assert.Single(await next.LedgerAsync());
        Assert.Equal("aborted", entry.GetProperty("outcome").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
    }

    /// <summary>Kept-alive connections are told that the gateway is not ready; new ones are refused.</summary>
    private static async Task<bool> IsClosedToNewWorkAsync(GatewayProcess gateway)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!limit.IsCancellationRequested)
        {
            try
            {
                using var response = await gateway.Client.GetAsync("/health/ready", limit.Token);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    return true;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        }

        return false;
    }
}
