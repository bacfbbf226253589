using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>Every kind of error becomes the SDK's own exception, with status and body.</summary>
public sealed class OpenAiSdkErrorTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    private static int _models;

    [Theory]
    [InlineData("gw-wrong", "invalid_api_key")]
    [InlineData(GatewayHost.DisabledKey, "disabled_api_key")]
    [InlineData(" ", "missing_api_key")]
    public async Task Call_KeyNotGood_Is401(string key, string code)
    {
        var client = Sdk.Client(gateway.Host, key);

        foreach (var call in new Func<Task>[]
        {
            () => client.GetChatClient("up/m").CompleteChatAsync(new UserChatMessage("x")),
            () => Sdk.ReadAsync(client.GetChatClient("up/m").CompleteChatStreamingAsync(new UserChatMessage("x"))),
            () => client.GetEmbeddingClient("up/m").GenerateEmbeddingAsync("x"),
            () => client.GetOpenAIModelClient().GetModelsAsync(),
            () => client.GetOpenAIModelClient().GetModelAsync("up/m"),
        })
        {
            var error = await Assert.ThrowsAsync<ClientResultException>(call);
            Assert.Equal((401, code, "authentication_error", null), Sdk.ErrorOf(error));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ModelNotThere_Is404(bool stream)
    {
        var error = await ThrowsAsync("none-such", stream);

        Assert.Equal((404, "model_not_found", "invalid_request_error", "model"), Sdk.ErrorOf(error));
        Assert.Contains("none-such", error.Message);
    }

    public static TheoryData<int, string?, int, string> ProviderErrors => new()
    {
        { 400, null, 400, "provider_rejected_request" },
        { 400, "unsupported_value", 400, "unsupported_value" },
        { 422, null, 400, "provider_rejected_request" },
        { 400, "context_length_exceeded", 400, "context_length_exceeded" },
        { 400, "content_filter", 400, "content_filter" },
        { 401, "invalid_api_key", 502, "provider_authentication_failed" },
        { 403, null, 502, "provider_authentication_failed" },
        { 404, "model_not_found", 404, "provider_model_not_found" },
        { 408, null, 504, "provider_timeout" },
        { 429, "rate_limit_exceeded", 429, "provider_rate_limited" },
        { 429, "insufficient_quota", 429, "provider_quota_exhausted" },
        { 500, null, 502, "provider_error" },
        { 502, null, 502, "provider_error" },
        { 503, null, 503, "provider_overloaded" },
        { 504, null, 504, "provider_timeout" },
        { 529, null, 503, "provider_overloaded" },
        { 302, null, 502, "provider_error" },
    };

    [Theory]
    [MemberData(nameof(ProviderErrors))]
    public async Task Chat_ProviderRefuses_IsTheSameClassOfErrorStreamedOrNot(int upstream, string? upstreamCode, int status, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var calls = upstream is 408 or 500 or 502 || upstreamCode == "rate_limit_exceeded" ? 2 : 1;
            gateway.Next([.. Enumerable.Repeat(Script.Error(upstream, upstreamCode), calls)]);
            var error = await ThrowsAsync(Fresh(), stream);

            var seen = Sdk.ErrorOf(error);
            Assert.Equal((status, code), (seen.Status, seen.Code));
            var entry = await gateway.NewestEntryAsync();
            Assert.Equal("failed", entry.GetProperty("outcome").GetString());
            Assert.Equal(code, entry.GetProperty("error_code").GetString());
            Assert.Equal(status, entry.GetProperty("status").GetInt32());
            Assert.Equal(0, entry.GetProperty("cost_nano_usd").GetInt64());
            Assert.Equal(calls, entry.GetProperty("attempts").GetInt32());
        }
    }

    [Fact]
    public async Task Chat_ProviderQuotesItsKey_DoesNotReachTheClient()
    {
        gateway.Next(Script.Error(400, message: "Bad thing near sk-upstream-secret"), Script.Error(401, "invalid_api_key", message: "Incorrect API key provided: sk-upstream-secret"));

        var first = await ThrowsAsync(Fresh(), stream: false);
        var second = await ThrowsAsync(Fresh(), stream: false);

        Assert.DoesNotContain("sk-upstream", first.Message + first.GetRawResponse()!.Content + second.Message + second.GetRawResponse()!.Content);
        Assert.Contains("Bad thing", first.Message);
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("11", 1)]
    public async Task Chat_RateLimitedOnce_TheGatewayOrTheSdkWaitsAsLongAsRetryAfterSays(string seconds, int retries)
    {
        var before = gateway.Upstream.Exchanges.Count;
        gateway.Next(Script.Error(429, "rate_limit_exceeded").Header("Retry-After", seconds), Script.Json(Wire.Completion()));

        ChatCompletion reply = await Sdk.Client(gateway.Host, retries: retries).GetChatClient(Fresh()).CompleteChatAsync(new UserChatMessage("x"));

        Assert.Equal("hi", reply.Content[0].Text);
        var exchanges = gateway.Upstream.Exchanges.Skip(before).ToArray();
        Assert.Equal(2, exchanges.Length);
        Assert.True(exchanges[1].ArrivedAt - exchanges[0].ArrivedAt >= TimeSpan.FromSeconds(0.95 * int.Parse(seconds, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Chat_ProviderSaysWhenToRetry_IsPassedOn(int status)
    {
        gateway.Next(Script.Error(status).Header("Retry-After", "17"));
        var said = await ThrowsAsync(Fresh(), stream: false);
        gateway.Next([.. Enumerable.Repeat(Script.Error(status), status == 429 ? 2 : 1)]);
        var notSaid = await ThrowsAsync(Fresh(), stream: false);

        Assert.True(said.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seventeen));
        Assert.Equal("17", seventeen);
        Assert.True(notSaid.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var one));
        Assert.Equal("1", one);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ProviderResets_IsTriedTwiceThen502(bool stream)
    {
        gateway.Next(Script.Reset(), Script.Reset());

        var error = await ThrowsAsync(Fresh(), stream);

        Assert.Equal((502, "provider_unreachable", "server_error", null), Sdk.ErrorOf(error));
        Assert.Equal(2, (await gateway.NewestEntryAsync()).GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Chat_ProviderResetsOnce_IsAnswered()
    {
        gateway.Next(Script.Reset(), Script.Json(Wire.Completion()));

        ChatCompletion reply = await Sdk.Chat(gateway.Host, Fresh()).CompleteChatAsync(new UserChatMessage("x"));

        Assert.Equal("hi", reply.Content[0].Text);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal(2, entry.GetProperty("attempts").GetInt32());
        Assert.Equal(4, entry.GetProperty("input_tokens").GetInt64() + entry.GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task Chat_NobodyListens_Is502()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and never listened on: refused, and nobody else gets the port
        await using var host = await GatewayHost.StartAsync(
            $$""" "providers": { "gone": { "type": "openai-compatible", "baseUrl": "http://127.0.0.1:{{((IPEndPoint)unused.LocalEndPoint!).Port}}/v1" } } """);

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Sdk.Chat(host, "gone/m").CompleteChatAsync(new UserChatMessage("x")));

        Assert.Equal((502, "provider_unreachable", "server_error", null), Sdk.ErrorOf(error));
    }

    [Theory]
    [InlineData("brief-total", false, "total_timeout")]
    [InlineData("brief-first", true, "first_token_timeout")]
    public async Task Chat_ProviderSilent_Is504AndTheProviderIsLeft(string route, bool stream, string code)
    {
        gateway.Next(Script.Silence());

        var error = await ThrowsAsync(route, stream);

        Assert.Equal((504, code, "server_error", null), Sdk.ErrorOf(error));
        await gateway.LastExchange.ClientGone.WaitAsync(ScriptedGateway.Patience);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("""{"object":"something else"}""")]
    [InlineData("""{"choices":[{"index":0""")]
    [InlineData("")]
    public async Task Chat_ProviderAnswersNonsense_Is502(string body)
    {
        gateway.Next(Script.Json(body));

        var error = await ThrowsAsync(Fresh(), stream: false);

        Assert.Equal((502, "provider_malformed_reply", "server_error", null), Sdk.ErrorOf(error));
    }

    [Fact]
    public async Task Chat_WholeReplyCut_Is502()
    {
        var cut = Script.Reply(200, "application/json").ContentLength(500).Write(Wire.Completion()).ThenClose();
        gateway.Next(cut, cut);

        var error = await ThrowsAsync(Fresh(), stream: false);

        Assert.Equal((502, "stream_interrupted", "server_error", null), Sdk.ErrorOf(error));
    }

    [Fact]
    public async Task Chat_BodyTooLarge_Is413()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => Sdk.Chat(gateway.Host, "up/m").CompleteChatAsync(new UserChatMessage(new string('x', 3_000_000))));

        Assert.Equal((413, "request_too_large", "invalid_request_error", null), Sdk.ErrorOf(error));
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[1]", "invalid_json")]
    [InlineData("""{"model":"up/m"} {}""", "invalid_json")]
    [InlineData("""{"messages":[]}""", "missing_parameter")]
    [InlineData("""{"model":7}""", "invalid_parameter")]
    [InlineData("""{"model":"up/m","model":"up/n"}""", "invalid_parameter")]
    [InlineData("""{"model":"up/m","stream":"yes"}""", "invalid_parameter")]
    public async Task Post_BadRequest_Is400InOpenAisShape(string body, string code)
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", body);

        Assert.Equal((400, code), (reply.Status, reply.ErrorCode));
        Assert.True(reply.Headers.Contains("x-request-id"));
    }

    [Fact]
    public async Task Post_NotJsonOrNoSuchPath_IsAnErrorInOpenAisShape()
    {
        using var form = new StringContent("model=x", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var none = new StringContent("{}");

        var media = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/v1/chat/completions", form));
        var path = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/v1/nothing", none));
        var method = await RawReply.ReadAsync(await gateway.Host.Client.GetAsync("/v1/chat/completions"));

        Assert.Equal((415, "unsupported_media_type"), (media.Status, media.ErrorCode));
        Assert.Equal((404, "unknown_endpoint"), (path.Status, path.ErrorCode));
        Assert.Equal((405, "method_not_allowed"), (method.Status, method.ErrorCode));
    }

    /// <summary>A model that no other call asks for: what a target went through must not tell on another test's.</summary>
    private static string Fresh() => "up/m" + Interlocked.Increment(ref _models).ToString(CultureInfo.InvariantCulture);

    private async Task<ClientResultException> ThrowsAsync(string model, bool stream)
    {
        var client = Sdk.Chat(gateway.Host, model);
        return await Assert.ThrowsAsync<ClientResultException>(() => stream
            ? Sdk.ReadAsync(client.CompleteChatStreamingAsync(new UserChatMessage("x")))
            : client.CompleteChatAsync(new UserChatMessage("x")));
    }
}
