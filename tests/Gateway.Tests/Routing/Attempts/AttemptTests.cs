using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>What follows each way a provider can fail: which target is called how often, and what the client is told.</summary>
public class AttemptTests(AttemptFixture fixture) : IClassFixture<AttemptFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Head = """{"choices":[{"index":0,"delta":{"content":"Hel"}}]}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_BeforeAnyByte_IsTriedOnceMoreThenTheNextTarget(bool stream)
    {
        var answer = await CallAsync("two", stream, [Script.Reset(), Script.Reset()], [Good(stream)]);
        Assert.Equal((200, 2, 1, "3"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_OnceOnly_IsServedByTheSameTarget(bool stream)
    {
        var answer = await CallAsync("two", stream, [Script.Reset(), Good(stream)], []);
        Assert.Equal((200, 2, 0, "2"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_Everywhere_IsAnError(bool stream)
    {
        var answer = await CallAsync("two", stream, [Script.Reset(), Script.Reset()], [Script.Reset(), Script.Reset()]);
        Assert.Equal((502, "provider_unreachable", 2, 2), (answer.Status, answer.Code, answer.CallsOfA, answer.CallsOfB));
        Assert.Equal("failed", (await fixture.Gateway.LedgerAsync("?limit=1"))[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(503, "provider_overloaded", 503)]
    [InlineData(529, "provider_overloaded", 503)]
    [InlineData(504, "provider_timeout", 504)]
    [InlineData(401, "provider_authentication_failed", 502)]
    [InlineData(404, "provider_model_not_found", 404)]
    [InlineData(302, "provider_error", 502)]
    public async Task Status_AnotherTargetMayServe_IsRoutedAround(int status, string code, int shown)
    {
        foreach (var stream in new[] { false, true })
        {
            var served = await CallAsync("two", stream, [Script.Error(status)], [Good(stream)]);
            Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
            var failed = await CallAsync("one", stream, [Script.Error(status).Header("Location", fixture.B.BaseUri.ToString())], []);
            Assert.Equal((shown, code, 1, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
        }
    }

    [Theory]
    [InlineData(500, "provider_error", 502)]
    [InlineData(502, "provider_error", 502)]
    [InlineData(408, "provider_timeout", 504)]
    public async Task Status_AMomentsTrouble_IsTriedOnceMoreThenRoutedAround(int status, string code, int shown)
    {
        foreach (var stream in new[] { false, true })
        {
            var mended = await CallAsync("two", stream, [Script.Error(status), Good(stream)], []);
            Assert.Equal((200, 2, 0, "a"), (mended.Status, mended.CallsOfA, mended.CallsOfB, mended.Provider));
            var served = await CallAsync("two", stream, [Script.Error(status), Script.Error(status)], [Good(stream)]);
            Assert.Equal((200, 2, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
            var failed = await CallAsync("one", stream, [Script.Error(status), Script.Error(status)], []);
            Assert.Equal((shown, code, 2, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RateLimit_NoWordOnHowLong_IsRoutedAroundAtOnceOrTriedOnceMore(bool stream)
    {
        var served = await CallAsync("two", stream, [Script.Error(429)], [Good(stream)]);
        Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
        var mended = await CallAsync("one", stream, [Script.Error(429), Good(stream)], []);
        Assert.Equal((200, 2), (mended.Status, mended.CallsOfA));
        var failed = await CallAsync("one", stream, [Script.Error(429), Script.Error(429)], []);
        Assert.Equal((429, "provider_rate_limited", 2, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
    }

    [Fact]
    public async Task RateLimit_ForAMoment_IsWaitedForOnTheSameTarget()
    {
        var answer = await CallAsync("two", false, [Script.Error(429).Header("Retry-After", "1"), Good(false)], []);
        Assert.Equal((200, 2, 0, "2"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
        Assert.True(fixture.A.Exchanges[^1].ArrivedAt - fixture.A.Exchanges[^2].ArrivedAt >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RateLimit_ForLong_IsRoutedAroundAndTheTargetLeftAlone()
    {
        var route = fixture.Fresh("two");
        var first = await CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "30")], [Good(false)]);
        var second = await CallRouteAsync(route, false, [], [Good(false)]);
        Assert.Equal((200, 1, 1), (first.Status, first.CallsOfA, first.CallsOfB));
        Assert.Equal((200, 0, 1), (second.Status, second.CallsOfA, second.CallsOfB));
    }

    [Fact]
    public async Task RateLimit_ForLongAndNoOther_IsWaitedForAsFarAsItPays()
    {
        var route = fixture.Fresh("one");
        var waited = await CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "2"), Good(false)], []);
        Assert.Equal((200, 2), (waited.Status, waited.CallsOfA));
        Assert.True(fixture.A.Exchanges[^1].ArrivedAt - fixture.A.Exchanges[^2].ArrivedAt >= TimeSpan.FromSeconds(2));
        var tooLong = await CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "30")], []);
        Assert.Equal((429, "30", 1), (tooLong.Status, tooLong.RetryAfter, tooLong.CallsOfA));
        var leftAlone = await CallRouteAsync(route, false, [], []);
        Assert.Equal((503, "targets_unavailable", "30", 0), (leftAlone.Status, leftAlone.Code, leftAlone.RetryAfter, leftAlone.CallsOfA));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_OneAfterTheOther_TheMostTellingErrorIsSeen(bool stream)
    {
        var when = await CallAsync("two", stream, [Script.Error(503).Header("Retry-After", "7")], [Script.Error(404)]);
        Assert.Equal((503, "provider_overloaded", "7", "a"), (when.Status, when.Code, when.RetryAfter, when.Provider));
        var mend = await CallAsync("two", stream, [Script.Error(503)], [Script.Error(400, message: "mend it")]);
        Assert.Equal((400, "mend it", "b"), (mend.Status, mend.Message, mend.Provider));
        var later = await CallAsync("two", stream, [Script.Error(404)], [Script.Error(503)]);
        Assert.Equal((503, "provider_overloaded", "b"), (later.Status, later.Code, later.Provider));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_NoHeadInTime_GoesToTheNextTargetAndIsNeverTriedAgain(bool begins)
    {
        var silent = begins ? Script.Reply(200, "application/json").Write("{").ThenHang() : Script.Silence();
        var served = await CallAsync("brisk", false, [silent], [Good(false)]);
        Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
        var failed = await CallAsync("brisk", false, [silent], [silent]);
        Assert.Equal((504, begins ? "stream_stalled" : "provider_timeout", 1, 1), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
    }

    [Theory]
    [InlineData(400, null, "scripted", "provider_rejected_request")]
    [InlineData(400, "my_code", "scripted", "my_code")]
    [InlineData(422, null, "scripted", "provider_rejected_request")]
    [InlineData(400, "context_length_exceeded", "too long", "context_length_exceeded")]
    [InlineData(400, null, "This model's maximum context length is 5 tokens", "context_length_exceeded")]
    [InlineData(400, "content_filter", "no", "content_filter")]
    public async Task Status_TheClientsToMend_IsNotRoutedAround(int status, string? providerCode, string message, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var answer = await CallAsync("two", stream, [Script.Error(status, providerCode, message: message)], []);
            Assert.Equal((400, code, 1, 0), (answer.Status, answer.Code, answer.CallsOfA, answer.CallsOfB));
            Assert.Equal(message, answer.Message);
        }
    }

    [Fact]
    public async Task RetryAfter_OfTheProvider_ReachesTheClient()
    {
        Assert.Equal("17", (await CallAsync("one", false, [Script.Error(429).Header("Retry-After", "17")], [])).RetryAfter);
        Assert.Equal("1", (await CallAsync("one", false, [Script.Error(429), Script.Error(429)], [])).RetryAfter);
        Assert.Equal("1", (await CallAsync("one", true, [Script.Error(503).Header("Retry-After", "soon")], [])).RetryAfter);
    }

    [Fact]
    public async Task RetryAfter_IsADate_ReachesTheClientInSeconds()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 21, 10, 0, 0, TimeSpan.Zero));
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Error(503).Header("Retry-After", time.GetUtcNow().AddSeconds(30).ToString("R")));
        await using var gateway = await GatewayHost.StartAsync(upstream, time: time);
        using var response = await gateway.PostAsync("/v1/chat/completions", Ask("up/m", stream: true)).WaitAsync(Patience);
        Assert.Equal("30", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task FirstToken_TooLate_GoesToTheNextTarget()
    {
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Silence()], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Stream().SendHeaders().ThenHang()], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Stream().Event("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""").ThenHang()], [Good(true)])));
        var answer = await CallAsync("one", true, [Script.Silence()], []);
        Assert.Equal((504, "first_token_timeout"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Stream_EndsBeforeContent_GoesToTheNextTarget()
    {
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Stream().SendHeaders(), Script.Stream().SendHeaders()], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Stream().Write("data: {\"cho").ThenClose(), Script.Stream().Write("data: {\"cho").ThenClose()], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Sse("nonsense")], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Sse("""{"error":{"message":"x","type":"overloaded_error"}}""")], [Good(true)])));
        var answer = await CallAsync("two", true, [Script.Sse("""{"error":{"message":"mend it","type":"invalid_request_error"}}""")], []);
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
            var answer = await CallAsync("two", true, [script], []);
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
            var answer = await CallAsync("one", true, [end], []);
            Assert.False(answer.EndedImproperly);
            Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stream_JsonInsteadOfEvents_IsAClearError()
    {
        var answer = await CallAsync("one", true, [Script.Json(AttemptFixture.Ok)], []);
        Assert.Equal((502, "provider_malformed_reply"), (answer.Status, answer.Code));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Json(AttemptFixture.Ok)], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Reply(200, "text/html").Write("<html>")], [Good(true)])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", true, [Script.Reply(200, "application/json").SendHeaders().ThenHang()], [Good(true)])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reply_ErrorUnderStatus200_IsTheError(bool stream)
    {
        var answer = await CallAsync("two", stream, [Script.Json("""{"error":{"message":"mend it","type":"invalid_request_error","code":"c"}}""")], []);
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
        var answer = await CallAsync("one", stream, [script], []);
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
        var answer = await CallAsync("one", false, [Script.Json(body)], []);
        Assert.Equal((502, "provider_malformed_reply"), (answer.Status, answer.Code));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", false, [Script.Json(body)], [Good(false)])));
    }

    [Fact]
    public async Task Reply_CutInTheMiddle_IsTriedOnceMoreThenGoesToTheNextTarget()
    {
        var closed = Script.Reply().ContentLength(1000).Write("{\"choices\":").ThenClose();
        Assert.Equal((200, "a"), Brief(await CallAsync("two", false, [closed, Good(false)], [])));
        Assert.Equal((200, "b"), Brief(await CallAsync("two", false, [closed, closed], [Good(false)])));
        var reset = Script.Reply().Write("{\"choices\":").ThenReset();
        var answer = await CallAsync("one", false, [reset, reset], []);
        Assert.Equal((502, "stream_interrupted"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task ErrorBody_Odd_IsStillTheStatus()
    {
        Script[] odd =
        [
            Script.Reply(503).Write("<html>down</html>"),
            Script.Reply(503).SendHeaders().ThenHang(),
            Script.Reply(503).Write("{\"error\":").ThenReset(),
            Script.Reply(503, "application/json").Write("{\"error\":{\"message\":\"" + new string('x', 5_000_000)).Write("\"}}"),
            Script.Reply(503).Header("Content-Encoding", "gzip").Write(new byte[] { 31, 139, 8, 0 }),
            Script.Json("""{"error":"\ud83d"}""", 503),
            Script.Json("""{"message":7,"error":[[[]]],"code":{}}""", 503),
        ];
        foreach (var script in odd)
        {
            var answer = await CallAsync("one", false, [script], []);
            Assert.Equal((503, "provider_overloaded"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task ErrorText_ProvidersOwn_IsShownOnlyWhereTheClientCanMend()
    {
        const string canary = "canary-4711 sk-upstream-secret";
        foreach (var status in new[] { 401, 403, 404, 429, 500, 503 })
        {
            var script = Script.Error(status, "canary_code", message: canary);
            var answer = await CallAsync("one", false, status is 429 or 500 ? [script, script] : [script], []);
            Assert.DoesNotContain("canary", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-upstream-secret", answer.Body, StringComparison.Ordinal);
        }

        var shown = await CallAsync("one", false, [Script.Json("""{"error":{"message":"Bad key Bearer sk-upstream-secret here","type":"t","param":"sk-upstream-secret","code":"x-sk-upstream-secret"}}""", 400)], []);
        Assert.Equal("Bad key Bearer *** here", shown.Message);
        Assert.DoesNotContain("sk-upstream-secret", shown.Body, StringComparison.Ordinal);

        var cut = await CallAsync("one", false, [Script.Json("{\"error\":{\"message\":\"" + new string('x', 1999) + "😀😀\"}}", 400)], []);
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
        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""").WaitAsync(Patience);
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("\"provider_unreachable\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        listener.Stop();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task KeepAlive_LongSilence_ThenContentIsAWholeStream()
    {
        var answer = await CallAsync("patient", true, [Script.Stream().Delay(TimeSpan.FromSeconds(1)).Write(OpenAiStreams.Chat("text"))], []);
        Assert.StartsWith(": keep-alive\n\n: keep-alive\n\n", answer.Body, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(OpenAiStreams.Chat("text")), answer.Body.Replace(": keep-alive\n\n", "", StringComparison.Ordinal));
        Assert.False(answer.EndedImproperly);
    }

    [Fact]
    public async Task KeepAlive_HasBegun_LaterFailureIsAnInStreamError()
    {
        var begun = new TaskCompletionSource();
        var answer = await CallAsync("patient", true, [Script.Stream().Wait(begun.Task).Event("""{"error":{"message":"no","type":"invalid_request_error"}}""")], [], begun);
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
        var answer = await CallAsync("patient", true, [late], [Good(true)], begun);
        Assert.Equal((200, 1, 1), (answer.Status, answer.CallsOfA, answer.CallsOfB));
        Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        Assert.False(answer.EndedImproperly);
    }

    [Fact]
    public async Task KeepAlive_FailureBeforeTheHold_IsARealStatus()
    {
        var answer = await CallAsync("patient", true, [Script.Error(400, message: "no")], []);
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
        fixture.A.Enqueue(Good(false));
        var n = fixture.A.Exchanges.Count;
        using var client = new TcpClient("127.0.0.1", fixture.Gateway.BaseUri.Port);
        var body = Ask(fixture.Fresh("one"), stream: false);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nX-Client-Request-Id: é\r\nIdempotency-Key: abc\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
        var exchange = await fixture.A.WaitForRequestAsync(n + 1);
        Assert.Equal("abc", exchange.Headers["Idempotency-Key"]);
        Assert.False(exchange.Headers.ContainsKey("X-Client-Request-Id"));
        Assert.Equal("Bearer sk-upstream-secret", exchange.Headers.Authorization);
    }

    [Fact]
    public async Task Model_NotAscii_IsStillAnswered()
    {
        fixture.A.Enqueue(Good(false));
        using var response = await fixture.Gateway.PostAsync("/v1/chat/completions", """{"model":"a/modèle","messages":[]}""");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("mod%C3%A8le", response.Headers.GetValues("x-gateway-model").Single());
    }

    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static Script Good(bool stream) => stream ? Script.Chunks([OpenAiStreams.Chat("text")]) : Script.Json(AttemptFixture.Ok);

    private static (int Status, string? Provider) Brief(Answer answer) => (answer.Status, answer.Provider);

    private async Task AbortAsync(bool stream, bool afterHeaders)
    {
        var n = fixture.A.Exchanges.Count;
        using var leave = new CancellationTokenSource();
        var id = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask(fixture.Fresh("calm"), stream), Encoding.UTF8, "application/json") };
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

        JsonElement entry;
        while ((entry = (await fixture.Gateway.LedgerAsync("?limit=1"))[0]).GetProperty("request_id").GetString() != id)
            await Task.Yield();
        Assert.Equal("aborted", entry.GetProperty("outcome").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("input_tokens").GetInt64() > 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static string Ask(string model, bool stream) =>
        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]" + (stream ? ",\"stream\":true}" : "}");

    /// <summary>Asks for an answer of both upstreams' scripts; the signal is given when the client has the headers.</summary>
    private Task<Answer> CallAsync(string kind, bool stream, Script[] a, Script[] b, TaskCompletionSource? begun = null) =>
        CallRouteAsync(fixture.Fresh(kind), stream, a, b, begun);

    private async Task<Answer> CallRouteAsync(string model, bool stream, Script[] a, Script[] b, TaskCompletionSource? begun = null)
    {
        var (calls, callsB) = (fixture.A.Exchanges.Count, fixture.B.Exchanges.Count);
        fixture.A.Enqueue(a);
        fixture.B.Enqueue(b);
        using var response = await fixture.Gateway.PostAsync("/v1/chat/completions", Ask(model, stream)).WaitAsync(Patience);
        begun?.TrySetResult();
        var body = new MemoryStream();
        var improper = false;
        try
        {
            await (await response.Content.ReadAsStreamAsync()).CopyToAsync(body).WaitAsync(Patience);
        }
        catch (IOException)
        {
            improper = true;
        }

        return new Answer(response, Encoding.UTF8.GetString(body.ToArray()), improper, fixture.A.Exchanges.Count - calls, fixture.B.Exchanges.Count - callsB);
    }

    private sealed class Answer(HttpResponseMessage response, string body, bool improper, int callsOfA, int callsOfB)
    {
        private readonly JsonElement _error = body.StartsWith("{\"error\"", StringComparison.Ordinal) ? JsonElement.Parse(body).GetProperty("error") : default;

        public int Status { get; } = (int)response.StatusCode;

        public string Body => body;

        public bool EndedImproperly => improper;

        public int CallsOfA => callsOfA;

        public int CallsOfB => callsOfB;

        public string? Code => _error.ValueKind == JsonValueKind.Object ? _error.GetProperty("code").GetString() : null;

        public string? Message => _error.ValueKind == JsonValueKind.Object ? _error.GetProperty("message").GetString() : null;

        public string? Provider { get; } = Header(response, "x-gateway-provider");

        public string? Attempts { get; } = Header(response, "x-gateway-attempts");

        public string? RetryAfter { get; } = Header(response, "Retry-After");

        private static string? Header(HttpResponseMessage from, string name) => from.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }
}
