using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Gateway.Routing.Realtime;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Realtime;

/// <summary>Whole sessions: a real client, the whole gateway, a real provider's server.</summary>
public sealed class RealtimeTests : IAsyncLifetime
{
    private const string Created = """{"type":"response.created","event_id":"e1","response":{"id":"resp_1","status":"in_progress"}}""";

    private const string Done =
        """
        {"type":"response.done","event_id":"e9","response":{"id":"resp_1","object":"realtime.response","status":"completed","output":[],"usage":{"total_tokens":150,"input_tokens":100,"output_tokens":50,
        "input_token_details":{"text_tokens":20,"audio_tokens":80,"cached_tokens":50,"cached_tokens_details":{"text_tokens":10,"audio_tokens":40}},"output_token_details":{"text_tokens":10,"audio_tokens":40}}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RealtimeUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await RealtimeUpstream.StartAsync();
        _gateway = await StartAsync("");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Messages_BothWays_KeepBytesTypesAndBoundaries()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        var large = new byte[1 << 20];
        new Random(7).NextBytes(large);
        foreach (var (from, to) in new (WebSocket, WebSocket)[] { (client, provider.Socket), (provider.Socket, client) })
        {
            var text = Encoding.UTF8.GetBytes("""{"type":"x","text":"ü…😀"}""");
            await from.SendAsync(text, WebSocketMessageType.Text, true, default);
            await from.SendAsync(text.AsMemory(0, 20), WebSocketMessageType.Text, false, default); // in the middle of a character
            await from.SendAsync(text.AsMemory(20, 3), WebSocketMessageType.Text, false, default);
            await from.SendAsync(text.AsMemory(23), WebSocketMessageType.Text, true, default);
            await from.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, true, default);
            var sending = from.SendAsync(large, WebSocketMessageType.Binary, true, default);
            foreach (var (type, expected) in new[] { (WebSocketMessageType.Text, text), (WebSocketMessageType.Text, text), (WebSocketMessageType.Text, []), (WebSocketMessageType.Binary, large) })
            {
                var (gotType, got) = await ReadAsync(to);
                Assert.Equal(type, gotType);
                Assert.True(expected.AsSpan().SequenceEqual(got));
            }

            await sending;
            var largeText = Encoding.UTF8.GetBytes($$"""{"type":"response.output_audio.delta","response_id":"r","delta":"{{Convert.ToBase64String(large)}}"}""");
            sending = from.SendAsync(largeText, WebSocketMessageType.Text, true, default);
            var (_, gotText) = await ReadAsync(to);
            Assert.True(largeText.AsSpan().SequenceEqual(gotText));
            await sending;
        }
    }

    [Fact]
    public async Task Upgrade_KeyInSubprotocol_StaysHere()
    {
        _upstream.Protocol = "realtime";
        using var client = await ConnectAsync("/v1/realtime?model=up/gpt-realtime", socket =>
        {
            socket.Options.AddSubProtocol("realtime");
            socket.Options.AddSubProtocol("openai-insecure-api-key." + GatewayHost.Key);
            socket.Options.AddSubProtocol("openai-organization.org-x");
            socket.Options.SetRequestHeader("OpenAI-Beta", "realtime=v1");
        });
        await using var provider = await _upstream.SessionAsync();
        Assert.Equal("realtime", client.SubProtocol);
        Assert.Equal("/v1/realtime?model=gpt-realtime", provider.PathAndQuery);
        Assert.Equal("realtime", provider.Headers["Sec-WebSocket-Protocol"]);
        Assert.Equal("realtime=v1", provider.Headers["OpenAI-Beta"]);
        Assert.Equal("Bearer sk-upstream-secret", provider.Headers["Authorization"]);
        Assert.DoesNotContain(provider.Headers.Values, value => value.Contains(GatewayHost.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/openai/v1/realtime?model=up%2Fm")]
    [InlineData("/openai/realtime?api-version=2024-10-01-preview&deployment=up/m&api-key=" + GatewayHost.Key)]
    public async Task Upgrade_OtherPaths_AreTheSame(string path)
    {
        var isKeyInQuery = path.Contains("api-key", StringComparison.Ordinal);
        using var client = await ConnectAsync(path, socket =>
        {
            if (!isKeyInQuery)
                socket.Options.SetRequestHeader("api-key", GatewayHost.Key);
        });
        await using var provider = await _upstream.SessionAsync();
        Assert.Equal("/v1/realtime?model=m", provider.PathAndQuery);
    }

    [Fact]
    public async Task ResponseDone_IsRecordedOnceBeforeTheClientHearsOfIt()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync("""{"type":"session.created","session":{"id":"sess_1","model":"gpt-realtime-2025-08-28"}}""");
        for (var n = 0; n < 2; n++)
        {
            await provider.SendAsync(Created);
            await provider.SendAsync("""{"type":"response.output_audio.delta","response_id":"resp_1","delta":"AAAA"}""");
            await provider.SendAsync(Done);
            for (var i = 0; i < (n == 0 ? 4 : 3); i++)
                await ReadAsync(client);
            Assert.Equal(n + 1, (await _gateway.LedgerAsync()).Length);
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        var entries = await _gateway.LedgerAsync();
        Assert.Equal(2, entries.Length);
        var entry = entries[1];
        Assert.EndsWith("-1", entry.GetProperty("request_id").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("-2", entries[0].GetProperty("request_id").GetString(), StringComparison.Ordinal);
        Assert.Equal("realtime", entry.GetProperty("operation").GetString());
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal("gpt-realtime-2025-08-28", entry.GetProperty("response_model").GetString());
        Assert.Equal("resp_1", entry.GetProperty("response_id").GetString());
        Assert.Equal((100, 50, 50, 40, 40), (Number(entry, "input_tokens"), Number(entry, "output_tokens"), Number(entry, "cache_read_tokens"), Number(entry, "audio_input_tokens"), Number(entry, "audio_output_tokens")));
        // 10 of text, 50 cached, 40 of audio; 10 of text, 40 of audio: in nano-dollars a token 4,000, 400, 32,000; 16,000, 64,000
        Assert.Equal((10 * 4_000) + (50 * 400) + (40 * 32_000) + (10 * 16_000) + (40 * 64_000), Number(entry, "cost_nano_usd"));
        Assert.False(entry.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task ResponseDone_BudgetUsedUp_TellsTheClientAndCloses()
    {
        var limit = LimitedKey.Budget(4_000_000_000);
        _gateway.SetLimits(limit);
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await provider.SendAsync(Done.Replace("\"output_tokens\":50", "\"output_tokens\":900000", StringComparison.Ordinal));
        await ReadAsync(client);
        await ReadAsync(client);

        var (_, told) = await ReadAsync(client);
        Assert.Contains("\"budget_exhausted\"", Encoding.UTF8.GetString(told), StringComparison.Ordinal);
        var (type, _) = await ReadAsync(client);
        Assert.Equal(WebSocketMessageType.Close, type);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await SettledAsync();
        var spent = Assert.Single(await _gateway.LedgerAsync()).GetProperty("cost_nano_usd").GetInt64();
        Assert.Equal(Math.Max(0, limit.Amount - spent), _gateway.Remaining(limit));
        using var refused = new ClientWebSocket();
        refused.Options.SetRequestHeader("Authorization", "Bearer " + GatewayHost.Key);
        refused.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(new Uri($"ws://{_gateway.BaseUri.Authority}/v1/realtime?model=up/gpt-realtime"), default));
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.HttpStatusCode);
    }

    [Fact]
    public async Task ResponseUnderWay_ProviderCloses_IsInterruptedAndEstimated()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await provider.SendAsync("""{"type":"response.output_text.delta","response_id":"resp_1","delta":"twelve bytes"}""");
        await ReadAsync(client);
        await ReadAsync(client);
        await provider.Socket.CloseOutputAsync((WebSocketCloseStatus)4001, "session expired", default);
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(client)).Type);
        Assert.Equal(4001, (int)client.CloseStatus!);
        Assert.Equal("session expired", client.CloseStatusDescription);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await SettledAsync();
        var entry = Assert.Single(await _gateway.LedgerAsync());
        Assert.Equal("interrupted", entry.GetProperty("outcome").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.Equal(3, Number(entry, "output_tokens"));
        Assert.Equal("stream_interrupted", entry.GetProperty("error_code").GetString());
    }

    [Theory]
    [InlineData("""{"id":"s","model":"gpt-realtime","audio":{"input":{"format":{"type":"audio/pcm"},"transcription":{"language":"en","model":"gpt-4o-mini-transcribe"}},"output":{"voice":"marin"}}}""")]
    [InlineData("""{"id":"s","model":"gpt-realtime","input_audio_transcription":{"model":"gpt-4o-mini-transcribe"}}""")]
    public async Task InputTranscription_IsAnEntryOfItsOwnAtItsModelsPrice(string session)
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync($$"""{"type":"session.updated","session":{{session}}}""");
        await provider.SendAsync(
            """
            {"type":"conversation.item.input_audio_transcription.completed","event_id":"e","item_id":"item_3","content_index":0,"transcript":"Hi",
            "usage":{"type":"tokens","total_tokens":48,"input_tokens":38,"input_token_details":{"text_tokens":10,"audio_tokens":28},"output_tokens":10}}
            """);
        await ReadAsync(client);
        await ReadAsync(client);

        var entry = Assert.Single(await _gateway.LedgerAsync());
        Assert.Equal(
            ("transcription", "up/gpt-realtime", "gpt-4o-mini-transcribe", "item_3", false),
            (entry.GetProperty("operation").GetString(), entry.GetProperty("requested_model").GetString(), entry.GetProperty("target_model").GetString(), entry.GetProperty("response_id").GetString(), entry.GetProperty("estimated").GetBoolean()));
        Assert.Equal((38, 10, 28), (Number(entry, "input_tokens"), Number(entry, "output_tokens"), Number(entry, "audio_input_tokens")));
        Assert.Equal((38 * 1_250) + (10 * 5_000), Number(entry, "cost_nano_usd"));
    }

    [Fact]
    public async Task InputTranscription_CountedInSeconds_IsEstimated()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":"Hi","usage":{"type":"duration","seconds":2.05}}""");
        await provider.SendAsync("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":"not told"}""");
        await ReadAsync(client);
        await ReadAsync(client);

        var entry = Assert.Single(await _gateway.LedgerAsync());
        Assert.Equal((21, true), (Number(entry, "audio_input_tokens"), entry.GetProperty("estimated").GetBoolean()));
        Assert.Equal(21 * 32_000, Number(entry, "cost_nano_usd"));
    }

    [Theory]
    [InlineData("""{ "id": "test", "value": "env:TEST_KEY", "models": ["*"], "disabled": true }""")]
    [InlineData("""{ "id": "test", "value": "env:OTHER_KEY", "models": ["*"] }""")]
    [InlineData("""{ "id": "another", "value": "env:OTHER_KEY", "models": ["*"] }""")]
    public async Task Key_NoLongerGood_EndsTheSessionWith1008(string keys)
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await ReadAsync(client);

        await _gateway.WriteConfigurationAsync(Settings($$""", "keys": [{{keys}}]""", ""));

        foreach (var socket in new[] { client, provider.Socket })
        {
            Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(socket)).Type);
            Assert.Equal((WebSocketCloseStatus.PolicyViolation, "The API key was revoked or disabled."), (socket.CloseStatus, socket.CloseStatusDescription));
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }

        await SettledAsync();
        var entry = Assert.Single(await _gateway.LedgerAsync());
        Assert.Equal(("interrupted", "disabled_api_key"), (entry.GetProperty("outcome").GetString(), entry.GetProperty("error_code").GetString()));
    }

    [Fact]
    public async Task Provider_BreaksOff_ClientIsClosedWith1011()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        provider.Cut();
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(client)).Type);
        Assert.Equal(WebSocketCloseStatus.InternalServerError, client.CloseStatus);
    }

    [Fact]
    public async Task Client_Aborts_ProviderIsClosed()
    {
        var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await ReadAsync(client);
        client.Abort();
        client.Dispose();
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(provider.Socket)).Type);
        await provider.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await SettledAsync();
        Assert.Equal("aborted", Assert.Single(await _gateway.LedgerAsync()).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Client_Closes_ProviderGetsCodeAndReason()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await client.CloseOutputAsync((WebSocketCloseStatus)4000, "bye", default);
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(provider.Socket)).Type);
        Assert.Equal((4000, "bye"), ((int)provider.Socket.CloseStatus!, provider.Socket.CloseStatusDescription));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Message_TooLarge_ClosesWith1009(bool isClients)
    {
        await using var gateway = await StartAsync(""", "limits": { "maxEventBytes": 10000 }""");
        using var client = await ConnectAsync(gateway: gateway);
        await using var provider = await _upstream.SessionAsync();
        var sending = (isClients ? client : provider.Socket).SendAsync(new byte[10_001], WebSocketMessageType.Text, true, default);
        foreach (var socket in new[] { client, provider.Socket })
        {
            while ((await ReadAsync(socket)).Type != WebSocketMessageType.Close)
            {
            }

            Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
        }

        await sending;
    }

    [Fact]
    public async Task Provider_SilentInTheMiddle_IsClosedAndRecorded()
    {
        await using var gateway = await StartAsync("", """, "timeouts": { "idle": 0.2 }""");
        using var client = await ConnectAsync(gateway: gateway);
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await ReadAsync(client);
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(client)).Type);
        Assert.Equal(WebSocketCloseStatus.InternalServerError, client.CloseStatus);
    }

    [Fact]
    public async Task Stop_ResponseUnderWay_IsFinishedAndThenClosedWith1001()
    {
        using var client = await ConnectAsync();
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        await ReadAsync(client);
        _gateway.Get<SessionDrain>().Begin();
        await provider.SendAsync(Done);
        Assert.Contains("response.done", Encoding.UTF8.GetString((await ReadAsync(client)).Bytes), StringComparison.Ordinal);
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(client)).Type);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
    }

    [Theory]
    [InlineData("/v1/realtime?model=up/m", "wrong", 401, "invalid_api_key")]
    [InlineData("/v1/realtime?model=nothing-like-it", GatewayHost.Key, 404, "model_not_found")]
    [InlineData("/v1/realtime", GatewayHost.Key, 400, "missing_parameter")]
    [InlineData("/v1/realtime?model=other/m", GatewayHost.Key, 400, "unsupported_operation")]
    public async Task Upgrade_Refused_IsAnHttpError(string path, string key, int status, string code) =>
        Assert.Equal((status, code), await RefusedAsync(path, key));

    [Fact]
    public async Task Request_WithoutUpgrade_IsToldSo()
    {
        using var response = await _gateway.Client.GetAsync("/v1/realtime?model=up/m");
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: sk-upstream-secret","code":"invalid_api_key"}}""", 502, "provider_authentication_failed")]
    [InlineData(429, """{"error":{"message":"slow","code":"rate_limit_exceeded"}}""", 429, "provider_rate_limited")]
    [InlineData(200, "hello", 502, "provider_error")]
    public async Task Provider_Refuses_IsAnHttpErrorAndRecorded(int said, string body, int status, string code)
    {
        _upstream.Refusal = (said, body);
        Assert.Equal((status, code), await RefusedAsync("/v1/realtime?model=up/m", GatewayHost.Key));
        var entry = Assert.Single(await _gateway.LedgerAsync());
        Assert.Equal(("failed", 0), (entry.GetProperty("outcome").GetString(), Number(entry, "cost_nano_usd")));
    }

    [Fact]
    public async Task Provider_Down_TheNextOfTheRouteOpensTheSession()
    {
        await using var down = await ScriptedUpstream.StartAsync(Script.Error(503));
        await using var gateway = await StartAsync(
            """, "routes": { "both": { "targets": ["down/m", "other/m", "up/m"] } }""", $$"""}, "down": { "type": "openai", "baseUrl": "{{down.BaseUri}}", "apiKey": "env:UP_KEY" """);
        using var client = await ConnectAsync("/v1/realtime?model=both", gateway: gateway);
        await using var provider = await _upstream.SessionAsync();
        await provider.SendAsync(Created);
        Assert.Contains("response.created", Encoding.UTF8.GetString((await ReadAsync(client)).Bytes), StringComparison.Ordinal);
        Assert.Single(down.Exchanges);
    }

    private static int Number(JsonElement entry, string name) => entry.GetProperty(name).GetInt32();

    private Task<GatewayHost> StartAsync(string settings, string provider = "") => GatewayHost.StartAsync(Settings(settings, provider));

    private string Settings(string settings, string provider) =>
        $$"""
        "providers": {
          "up": { "type": "openai", "baseUrl": "{{_upstream.BaseUri}}", "apiKey": "env:UP_KEY"{{provider}} },
          "other": { "type": "openai-compatible", "baseUrl": "{{_upstream.BaseUri}}" }
        },
        "models": { "up/gpt-realtime": { "inputPerMtok": 4, "outputPerMtok": 16, "cachedInputPerMtok": 0.4, "audioInputPerMtok": 32, "audioOutputPerMtok": 64 } }{{settings}}
        """;

    private async Task<ClientWebSocket> ConnectAsync(string path = "/v1/realtime?model=up/gpt-realtime", Action<ClientWebSocket>? prepare = null, GatewayHost? gateway = null)
    {
        var client = new ClientWebSocket();
        if (prepare is null)
            client.Options.SetRequestHeader("Authorization", "Bearer " + GatewayHost.Key);
        else
            prepare(client);
        var host = (gateway ?? _gateway).BaseUri;
        using var limit = new CancellationTokenSource(Patience);
        await client.ConnectAsync(new Uri($"ws://{host.Authority}{path}"), limit.Token);
        return client;
    }

    private async Task<(int Status, string Code)> RefusedAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await _gateway.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("sk-upstream-secret", body, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(body);
        return ((int)response.StatusCode, json.RootElement.GetProperty("error").GetProperty("code").GetString()!);
    }

    /// <summary>Waits until the gateway serves nothing any more, and so has recorded everything.</summary>
    private async Task SettledAsync()
    {
        var overload = _gateway.Get<Gateway.Admission.OverloadStage>();
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (overload.Requests > 0)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<(WebSocketMessageType Type, byte[] Bytes)> ReadAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(piece, limit.Token);
            message.Write(piece, 0, read.Count);
            if (read.EndOfMessage)
                return (read.MessageType, message.ToArray());
        }
    }
}
