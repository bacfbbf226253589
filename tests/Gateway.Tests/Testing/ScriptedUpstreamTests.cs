using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Testing;

/// <summary>The test upstream itself does what its scripts say.</summary>
public sealed class ScriptedUpstreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _client = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Request_AnyBody_IsRecordedByteForByte()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("{}"), time);
        byte[] sent = [0, 255, 128, (byte)'{'];
        using var request = new HttpRequestMessage(HttpMethod.Post, upstream.BaseUri + "/x?y=1") { Content = new ByteArrayContent(sent) };
        request.Headers.Add("x-test", "a");

        using var response = await _client.SendAsync(request);

        var exchange = await upstream.WaitForRequestAsync(1);
        Assert.Equal(sent, exchange.Body);
        Assert.Equal("POST", exchange.Method);
        Assert.Equal("/v1/x?y=1", exchange.Target);
        Assert.Equal("a", exchange.Headers["x-test"].ToString());
        Assert.Equal(time.GetUtcNow(), exchange.ArrivedAt);
    }

    [Fact]
    public async Task Enqueue_Scripts_AreUsedInOrderBeforeTheDefault()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("{}"));
        upstream.Enqueue(Script.Error(503).Header("Retry-After", "7"), Script.Reply(201));

        using var first = await _client.GetAsync(upstream.BaseUri);
        using var second = await _client.GetAsync(upstream.BaseUri);
        using var third = await _client.GetAsync(upstream.BaseUri);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Write_ThenSignal_ArrivesBeforeTheRestIsWritten()
    {
        var signal = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Stream().Write("one").Wait(signal.Task).Write("two"));

        using var response = await _client.GetAsync(upstream.BaseUri, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];
        var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        Assert.Equal("one", Encoding.UTF8.GetString(buffer, 0, read));
        signal.SetResult();
        read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        Assert.Equal("two", Encoding.UTF8.GetString(buffer, 0, read));
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [Fact]
    public async Task Reset_BeforeAnyByte_IsAConnectionReset()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Reset());

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(upstream.BaseUri));

        var io = Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Equal(System.Net.Sockets.SocketError.ConnectionReset, Assert.IsType<System.Net.Sockets.SocketException>(io.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Close_MidReply_DeliversWhatWasWrittenThenFails(bool chunked)
    {
        var script = chunked ? Script.Stream() : Script.Reply().ContentLength(100);
        await using var upstream = await ScriptedUpstream.StartAsync(script.Write("some").ThenClose());

        using var response = await _client.GetAsync(upstream.BaseUri, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 4));

        Assert.Equal("some", Encoding.UTF8.GetString(buffer, 0, 4));
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadAsync(buffer).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task Silence_ClientLeaves_CompletesClientGone()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Silence());
        using var leave = new CancellationTokenSource();

        var pending = _client.GetAsync(upstream.BaseUri, leave.Token);
        var exchange = await upstream.WaitForRequestAsync();
        Assert.False(exchange.ClientGone.IsCompleted);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await exchange.ClientGone.WaitAsync(Patience);
        await exchange.Finished.WaitAsync(Patience);
        Assert.Empty(upstream.Failures);
    }

    [Fact]
    public async Task Delay_OnTheUpstreamsClock_WaitsForIt()
    {
        var time = new FakeTimeProvider();
        var waiting = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Reply().SendHeaders().Signal(waiting).Delay(TimeSpan.FromHours(1)).Write("late"), time);

        using var response = await _client.GetAsync(upstream.BaseUri, HttpCompletionOption.ResponseHeadersRead);
        var body = response.Content.ReadAsStringAsync();
        await waiting.Task.WaitAsync(Patience);
        while (!body.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        Assert.Equal("late", await body);
    }

    [Fact]
    public async Task Handle_ADelegate_MayDoAnything()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(async exchange =>
            await exchange.Context.Response.Body.WriteAsync(exchange.Body)));

        using var response = await _client.PostAsync(upstream.BaseUri, new StringContent("mirror"));

        Assert.Equal("mirror", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Chunks_SplitAnywhere_AreTheSameBytes()
    {
        var bytes = OpenAiStreams.Chat("multibyte");
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Chunks(ByteSplits.Single(bytes)));

        Assert.Equal(bytes, await _client.GetByteArrayAsync(upstream.BaseUri));
    }

    [Fact]
    public void Every_FourBytes_GivesThreeSplits()
    {
        var splits = ByteSplits.Every("abcd"u8.ToArray()).Select(split => string.Join('|', split.Select(part => Encoding.UTF8.GetString(part.Span))));

        Assert.Equal(["a|bcd", "ab|cd", "abc|d"], splits);
    }
}
