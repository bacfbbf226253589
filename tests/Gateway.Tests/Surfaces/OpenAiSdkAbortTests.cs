using System.Diagnostics;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>A client that leaves: the provider stops at once, and what was seen is settled.</summary>
public sealed class OpenAiSdkAbortTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    // SocketsHttpHandler would drain an abandoned reply for 2 s before the provider saw the end of it.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Stream_CancelledAfterContent_UpstreamSeesItAtOnceAndTheLedgerHasIt()
    {
        var before = (await gateway.Host.LedgerAsync("?limit=1000")).Length;
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("some words of an answer")).ThenHang());
        using var leave = new CancellationTokenSource();

        await using var updates = Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync([new UserChatMessage("a question")], cancellationToken: leave.Token).GetAsyncEnumerator();
        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current.ContentUpdate is not [{ Text.Length: > 0 }]);

        // A pending read ends at once; between reads the client's own handler would drain the reply first.
        var next = updates.MoveNextAsync().AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        var left = Stopwatch.GetTimestamp();
        await gateway.LastExchange.ClientGone.WaitAsync(ScriptedGateway.Patience);

        Assert.True(Stopwatch.GetElapsedTime(left) < AtOnce, "the provider was left only after " + Stopwatch.GetElapsedTime(left));
        var entry = await gateway.WaitForEntryAsync("aborted", before);
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("input_tokens").GetInt64() > 0);
        Assert.True(entry.GetProperty("output_tokens").GetInt64() > 0);
        Assert.True(entry.GetProperty("cost_nano_usd").GetInt64() > 0);
        Assert.Equal(200, entry.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Stream_CancelledWhileTheProviderTalks_UpstreamSeesItAtOnce()
    {
        var before = (await gateway.Host.LedgerAsync("?limit=1000")).Length;
        var chunk = System.Text.Encoding.UTF8.GetBytes("data: " + Wire.Text("word ") + "\n\n");
        gateway.Next(Script.Stream().Event(Wire.Role).Then(async (exchange, cancellation) =>
        {
            while (true)
            {
                await exchange.Context.Response.Body.WriteAsync(chunk, cancellation);
                await Task.Yield();
            }
        }));
        using var leave = new CancellationTokenSource();
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });
        var updates = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Sdk.Client(gateway.Host, http: http).GetChatClient("up/m").CompleteChatStreamingAsync([new UserChatMessage("x")], cancellationToken: leave.Token))
            {
                if (++updates == 50)
                    await leave.CancelAsync();
            }
        });
        var left = Stopwatch.GetTimestamp();
        await gateway.LastExchange.ClientGone.WaitAsync(ScriptedGateway.Patience);

        Assert.True(Stopwatch.GetElapsedTime(left) < AtOnce, "the provider was left only after " + Stopwatch.GetElapsedTime(left));
        Assert.True((await gateway.WaitForEntryAsync("aborted", before)).GetProperty("output_tokens").GetInt64() >= 40);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_CancelledBeforeAnAnswer_UpstreamSeesItAtOnceAndThePromptIsSettled(bool stream)
    {
        var before = (await gateway.Host.LedgerAsync("?limit=1000")).Length;
        var seen = gateway.Upstream.Exchanges.Count;
        gateway.Next(Script.Silence());
        using var leave = new CancellationTokenSource();
        var client = Sdk.Chat(gateway.Host, "up/m");

        Task call = stream
            ? Sdk.ReadAsync(client.CompleteChatStreamingAsync([new UserChatMessage("x")], cancellationToken: leave.Token))
            : client.CompleteChatAsync([new UserChatMessage("x")], cancellationToken: leave.Token);
        var exchange = await gateway.Upstream.WaitForRequestAsync(seen + 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var left = Stopwatch.GetTimestamp();
        await exchange.ClientGone.WaitAsync(ScriptedGateway.Patience);

        Assert.True(Stopwatch.GetElapsedTime(left) < AtOnce, "the provider was left only after " + Stopwatch.GetElapsedTime(left));
        var entry = await gateway.WaitForEntryAsync("aborted", before);
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("input_tokens").GetInt64() > 0);
        Assert.Equal(0, entry.GetProperty("output_tokens").GetInt64());
        Assert.Equal(499, entry.GetProperty("status").GetInt32());
        Assert.Equal(1, entry.GetProperty("attempts").GetInt32());
    }
}
