using System.Net;
using System.Text;
using GatewayApi.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Simulator;

/// <summary>The server's own life.</summary>
public sealed class SimulatorServerTests
{
    private static readonly SimulatorOptions Fast = new() { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0 };

    [Fact]
    public async Task Start_Twice_BindsLoopbackPortsOfTheirOwn()
    {
        await using var one = await SimulatorServer.StartAsync(Fast, TimeProvider.System);
        await using var two = await SimulatorServer.StartAsync(Fast, TimeProvider.System);

        Assert.Equal("127.0.0.1", one.BaseUri.Host);
        Assert.Equal("/v1", one.BaseUri.AbsolutePath);
        Assert.NotEqual(one.BaseUri.Port, two.BaseUri.Port);
    }

    [Fact]
    public async Task Dispose_WithASilentRequest_EndsIt()
    {
        var server = await SimulatorServer.StartAsync(Fast, TimeProvider.System);
        using var http = new HttpClient();
        using var stalled = await http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, server.BaseUri + "/chat/completions")
            {
                Content = new StringContent("""{"model":"fault-stall","stream":true,"messages":[{"role":"user","content":"x"}]}"""),
            },
            HttpCompletionOption.ResponseHeadersRead);

        await server.DisposeAsync().AsTask().WaitAsync(SimulatorFixture.Patience);

        await Assert.ThrowsAnyAsync<Exception>(() => stalled.Content.ReadAsStringAsync().WaitAsync(SimulatorFixture.Patience));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(server.BaseUri + "/models"));
    }

    [Fact]
    public async Task Stream_OnAFakeClock_StartsOnlyWhenItIsTime()
    {
        var time = new FakeTimeProvider();
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), time);
        using var http = new HttpClient();
        using var content = new StringContent("""{"model":"fault-slow-first-token","stream":true,"messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.BaseUri + "/chat/completions") { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var start = time.GetUtcNow();
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = body.ReadAsync(new byte[16]).AsTask();
        while (!first.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        // 10 s of silence, then the usual time to first token.
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromMilliseconds(10_150));
    }
}
