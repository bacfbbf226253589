using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>What follows each way a reply can go wrong once a provider has begun it, or its client leaves.</summary>
public sealed class AttemptReplyTests(AttemptFixture fixture) : IClassFixture<AttemptFixture>
{
    private const string Head = """{"choices":[{"index":0,"delta":{"content":"Hel"}}]}""";
    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Fact]
    public async Task Stream_EndsBeforeContent_GoesToTheNextTarget()
    {
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Stream().SendHeaders(), Script.Stream().SendHeaders()], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Stream().Write("data: {\"cho").ThenClose(), Script.Stream().Write("data: {\"cho").ThenClose()], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Sse("nonsense")], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Sse("""{"error":{"message":"x","type":"overloaded_error"}}""")], [AttemptFixture.Good(true)])));
        var answer = await fixture.CallAsync("two", true, [Script.Sse("""{"error":{"message":"mend it","type":"invalid_request_error"}}""")], []);
        Assert.Equal((400, "provider_rejected_request", "mend it"), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Stream_FailsAfterContent_IsNeverTriedAgainAndEndsImproperly()
    {
        var scripts = new (Script Script, string Code)[]
        {
            (Script.Sse(Head).ThenClose(), "stream_interrupted"),
            (Script.Sse(Head).ThenReset(), "stream_interrupted"),
            (Script.Sse(Head), "stream_interrupted"),
            (Script.Sse(Head).Write("data: {\"choices\":[{\"index\":0,\"del").ThenClose(), "stream_interrupted"),
            (Script.Sse(Head, "{broken"), "stream_malformed"),
            (Script.Sse(Head).ThenHang(), "stream_stalled"),
            (Script.Sse(Head, """{"error":{"message":"provider insides","type":"server_error"}}"""), "provider_error"),
        };
        foreach (var (script, code) in scripts)
        {
            var answer = await fixture.CallAsync(code == "stream_stalled" ? "hasty-two" : "two", true, [script], []);
            Assert.Equal((200, 1, 0), (answer.Status, answer.CallsOfA, answer.CallsOfB));
            Assert.True(answer.EndedImproperly, code);
            Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("insides", answer.Body, StringComparison.Ordinal);
            var blocks = answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(2, blocks.Length);
            Assert.Equal("data: " + Head, blocks[0]);
            Assert.Equal(code, JsonDocument.Parse(blocks[1]["data: ".Length..]).RootElement.GetProperty("error").GetProperty("code").GetString());
            var entry = (await fixture.Gateway.LedgerAsync("?limit=1"))[0];
            Assert.Equal("interrupted", entry.GetProperty("outcome").GetString());
            Assert.True(entry.GetProperty("estimated").GetBoolean());
        }
    }

    [Fact]
    public async Task Stream_FinishedWithoutTerminator_EndsProperly()
    {
        foreach (var end in new[] { Script.Sse(Head, Finish), Script.Sse(Head, Finish).ThenClose(), Script.Sse(Head, Finish).ThenHang() })
        {
            var answer = await fixture.CallAsync("one", true, [end], []);
            Assert.False(answer.EndedImproperly);
            Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stream_JsonInsteadOfEvents_IsAClearError()
    {
        var answer = await fixture.CallAsync("one", true, [Script.Json(AttemptFixture.Ok)], []);
        Assert.Equal((502, "provider_malformed_reply"), (answer.Status, answer.Code));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Json(AttemptFixture.Ok)], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", true, [Script.Reply(200, "text/html").Write("<html>")], [AttemptFixture.Good(true)])));
        await Stalls.TryAgainAsync(async () =>
            Assert.Equal((200, "b"), Brief(await fixture.CallAsync("hasty-two", true, [Script.Reply(200, "application/json").SendHeaders().ThenHang()], [AttemptFixture.Good(true)]))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reply_ErrorUnderStatus200_IsTheError(bool stream)
    {
        var answer = await fixture.CallAsync("two", stream, [Script.Json("""{"error":{"message":"mend it","type":"invalid_request_error","code":"c"}}""")], []);
        Assert.Equal((400, "c", "mend it"), (answer.Status, answer.Code, answer.Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reply_CompressedThoughNotAsked_IsAClearError(bool stream)
    {
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(stream ? OpenAiStreams.Chat("text") : Encoding.UTF8.GetBytes(AttemptFixture.Ok));
        var script = Script.Reply(200, stream ? "text/event-stream" : "application/json").Header("Content-Encoding", "gzip").Write(zipped.ToArray());
        var answer = await fixture.CallAsync("one", stream, [script], []);
        Assert.Equal((502, "provider_malformed_reply"), (answer.Status, answer.Code));
        Assert.False(fixture.A.Exchanges[^1].Headers.ContainsKey("Accept-Encoding"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"choices":[]""")]
    [InlineData("""{"choices":[]}{}""")]
    [InlineData("<html>")]
    public async Task Reply_NotOfTheDialect_GoesToTheNextTarget(string body)
    {
        var answer = await fixture.CallAsync("one", false, [Script.Json(body)], []);
        Assert.Equal((502, "provider_malformed_reply"), (answer.Status, answer.Code));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", false, [Script.Json(body)], [AttemptFixture.Good(false)])));
    }

    [Fact]
    public async Task Reply_CutInTheMiddle_IsTriedOnceMoreThenGoesToTheNextTarget()
    {
        var closed = Script.Reply().ContentLength(1000).Write("{\"choices\":").ThenClose();
        Assert.Equal((200, "a"), Brief(await fixture.CallAsync("two", false, [closed, AttemptFixture.Good(false)], [])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("two", false, [closed, closed], [AttemptFixture.Good(false)])));
        var reset = Script.Reply().Write("{\"choices\":").ThenReset();
        var answer = await fixture.CallAsync("one", false, [reset, reset], []);
        Assert.Equal((502, "stream_interrupted"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task ErrorBody_Odd_IsStillTheStatus()
    {
        Script[] odd =
        [
            Script.Reply(503).Write("<html>down</html>"),
            Script.Reply(503).Write("{\"error\":").ThenReset(),
            Script.Reply(503, "application/json").Write("{\"error\":{\"message\":\"" + new string('x', 5_000_000)).Write("\"}}"),
            Script.Reply(503).Header("Content-Encoding", "gzip").Write(new byte[] { 31, 139, 8, 0 }),
            Script.Json("""{"error":"\ud83d"}""", 503),
            Script.Json("""{"message":7,"error":[[[]]],"code":{}}""", 503),
        ];
        foreach (var script in odd)
        {
            var answer = await fixture.CallAsync("one", false, [script], []);
            Assert.Equal((503, "provider_overloaded"), (answer.Status, answer.Code));
        }

        await Stalls.TryAgainAsync(async () =>
        {
            var answer = await fixture.CallAsync("hasty-one", false, [Script.Reply(503).SendHeaders().ThenHang()], []);
            Assert.Equal((503, "provider_overloaded"), (answer.Status, answer.Code));
        });
    }

    [Fact]
    public async Task ErrorText_ProvidersOwn_IsShownOnlyWhereTheClientCanMend()
    {
        const string canary = "canary-4711 sk-upstream-secret";
        foreach (var status in new[] { 401, 403, 404, 429, 500, 503 })
        {
            var script = Script.Error(status, "canary_code", message: canary);
            var answer = await fixture.CallAsync("one", false, status is 429 or 500 ? [script, script] : [script], []);
            Assert.DoesNotContain("canary", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-upstream-secret", answer.Body, StringComparison.Ordinal);
        }

        var shown = await fixture.CallAsync("one", false, [Script.Json("""{"error":{"message":"Bad key Bearer sk-upstream-secret here","type":"t","param":"sk-upstream-secret","code":"x-sk-upstream-secret"}}""", 400)], []);
        Assert.Equal("Bad key Bearer *** here", shown.Message);
        Assert.DoesNotContain("sk-upstream-secret", shown.Body, StringComparison.Ordinal);

        var cut = await fixture.CallAsync("one", false, [Script.Json("{\"error\":{\"message\":\"" + new string('x', 1999) + "😀😀\"}}", 400)], []);
        Assert.Equal(400, cut.Status);
        Assert.Equal(new string('x', 1999), cut.Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Big: {big}\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/9.9 what\r\n\r\n")]
    public async Task Provider_SpeaksNoProperHttp_IsUnreachable(string reply)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var gateway = await GatewayHost.StartAsync($$"""
            "providers": { "up": { "type": "openai", "baseUrl": "http://127.0.0.1:{{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}}/v1", "apiKey": "env:UP_KEY" } }
            """);
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[4096]);
            await socket.SendAsync(Encoding.ASCII.GetBytes(reply.Replace("{big}", new string('x', 200_000), StringComparison.Ordinal)));
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(new byte[4096]);
        });
        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""").WaitAsync(AttemptFixture.Patience);
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("\"provider_unreachable\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        listener.Stop();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task KeepAlive_LongSilence_ThenContentIsAWholeStream()
    {
        var answer = await fixture.CallAsync("patient", true, [Script.Stream().Delay(TimeSpan.FromSeconds(1)).Write(OpenAiStreams.Chat("text"))], []);
        Assert.StartsWith(": keep-alive\n\n: keep-alive\n\n", answer.Body, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(OpenAiStreams.Chat("text")), answer.Body.Replace(": keep-alive\n\n", "", StringComparison.Ordinal));
        Assert.False(answer.EndedImproperly);
    }

    [Fact]
    public async Task KeepAlive_HasBegun_LaterFailureIsAnInStreamError()
    {
        var begun = new TaskCompletionSource();
        var answer = await fixture.CallAsync("patient", true, [Script.Stream().Wait(begun.Task).Event("""{"error":{"message":"no","type":"invalid_request_error"}}""")], [], begun);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.EndedImproperly);
        Assert.Matches("^(: keep-alive\n\n)+data: {\"error\":.*}\n\n$", answer.Body);
    }

    [Fact]
    public async Task KeepAlive_HasBegun_AnotherTargetMayStillServe()
    {
        var begun = new TaskCompletionSource();
        var late = Script.Handle(async exchange =>
        {
            await begun.Task;
            exchange.Context.Response.StatusCode = 503;
        });
        var answer = await fixture.CallAsync("patient", true, [late], [AttemptFixture.Good(true)], begun);
        Assert.Equal((200, 1, 1), (answer.Status, answer.CallsOfA, answer.CallsOfB));
        Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        Assert.False(answer.EndedImproperly);
    }

    [Fact]
    public async Task KeepAlive_FailureBeforeTheHold_IsARealStatus()
    {
        var answer = await fixture.CallAsync("patient", true, [Script.Error(400, message: "no")], []);
        Assert.Equal((400, "no"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Abort_BeforeHeaders_CancelsTheUpstreamAtOnce()
    {
        fixture.A.Enqueue(Script.Silence());
        await AbortAsync(stream: false, afterHeaders: false);
        fixture.A.Enqueue(Script.Silence());
        await AbortAsync(stream: true, afterHeaders: false);
    }

    [Fact]
    public async Task Abort_MidStream_CancelsTheUpstreamAtOnce()
    {
        fixture.A.Enqueue(Script.Sse(Head).ThenHang());
        await AbortAsync(stream: true, afterHeaders: true);
    }

    [Fact]
    public async Task Headers_ThatCantBeSent_AreLeftOut()
    {
        fixture.A.Enqueue(AttemptFixture.Good(false));
        var n = fixture.A.Exchanges.Count;
        using var client = new TcpClient("127.0.0.1", fixture.Gateway.BaseUri.Port);
        var body = AttemptFixture.Ask(fixture.Fresh("one"), stream: false);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nX-Client-Request-Id: é\r\nIdempotency-Key: abc\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync().WaitAsync(AttemptFixture.Patience), StringComparison.Ordinal);
        var exchange = await fixture.A.WaitForRequestAsync(n + 1);
        Assert.Equal("abc", exchange.Headers["Idempotency-Key"]);
        Assert.False(exchange.Headers.ContainsKey("X-Client-Request-Id"));
        Assert.Equal("Bearer sk-upstream-secret", exchange.Headers.Authorization);
    }

    [Fact]
    public async Task Model_NotAscii_IsStillAnswered()
    {
        fixture.A.Enqueue(AttemptFixture.Good(false));
        using var response = await fixture.Gateway.PostAsync("/v1/chat/completions", """{"model":"a/modèle","messages":[]}""");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("mod%C3%A8le", response.Headers.GetValues("x-gateway-model").Single());
    }

    private static (int Status, string? Provider) Brief(AttemptAnswer answer) => (answer.Status, answer.Provider);

    private async Task AbortAsync(bool stream, bool afterHeaders)
    {
        var n = fixture.A.Exchanges.Count;
        using var leave = new CancellationTokenSource();
        var id = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(AttemptFixture.Ask(fixture.Fresh("calm"), stream), Encoding.UTF8, "application/json") };
        request.Headers.Add("x-request-id", id);
        var pending = fixture.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        var exchange = await fixture.A.WaitForRequestAsync(n + 1);
        var reading = pending as Task;
        if (afterHeaders)
        {
            var body = await (await pending).Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[8]);
            reading = body.CopyToAsync(Stream.Null, leave.Token);
        }

        await leave.CancelAsync();
        await exchange.ClientGone.WaitAsync(TimeSpan.FromSeconds(5));

        JsonElement[] entries;
        while ((entries = await fixture.Gateway.LedgerAsync("?limit=1")) is [] || entries[0].GetProperty("request_id").GetString() != id)
            await Task.Yield();
        var entry = entries[0];
        Assert.Equal("aborted", entry.GetProperty("outcome").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("input_tokens").GetInt64() > 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }
}
