using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Bodies and headers as clients send and get them, and what another target does for them.</summary>
public sealed class RequestAndReplyTests(RequestAndReplyTests.TwoTargets gateway) : IClassFixture<RequestAndReplyTests.TwoTargets>
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TenMegabyteImage_ReachesTheProviderByteForByte(bool declared)
    {
        gateway.Upstream.Enqueue(Script.Json(Wire.Completion()));
        var body = Encoding.UTF8.GetBytes("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + new string('A', 10_000_000) + "\"}}]}],\"model\":\"up/m\"}");

        var reply = await RawReply.ReadAsync(await SendAsync(body, declared));

        Assert.Equal(200, reply.Status);
        var seen = gateway.Upstream.Exchanges[^1].Body;
        Assert.Equal(body.Length - 3, seen.Length);
        Assert.True(seen.AsSpan().StartsWith(body.AsSpan(0, body.Length - 7)));
        Assert.True(seen.AsSpan().EndsWith("\"model\":\"m\"}"u8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_LargerThanTheLimit_Is413(bool declared)
    {
        var body = Encoding.UTF8.GetBytes("{\"model\":\"up/m\",\"messages\":[],\"x\":\"" + new string('A', 13_000_000) + "\"}");

        var reply = await RawReply.ReadAsync(await SendAsync(body, declared));

        Assert.Equal((413, "request_too_large"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData("my-own.id:7", true)]
    [InlineData("not fit\tto log", false)]
    [InlineData("", false)]
    public async Task Post_RequestId_IsTakenWhereItIsFit(string id, bool taken)
    {
        gateway.Upstream.Enqueue(Script.Json(Wire.Completion()));
        using var request = Request("""{"model":"up/m"}"""u8.ToArray());
        request.Headers.TryAddWithoutValidation("x-request-id", id);

        var reply = await RawReply.ReadAsync(await gateway.Host.Client.SendAsync(request));

        var said = Assert.Single(reply.Headers.GetValues("x-request-id"));
        Assert.Equal(taken, said == id);
        Assert.Single(await gateway.Host.LedgerAsync("?request_id=" + said));
    }

    [Theory]
    [InlineData("up/m", "1")]
    [InlineData("two", "2")]
    public async Task Stream_FactsWanted_AreACommentBeforeTheEnd(string model, string attempts)
    {
        if (model == "two")
            gateway.Upstream.Enqueue(Script.Error(503));
        gateway.Upstream.Enqueue(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish(), Wire.Usage).Done());
        using var request = Request(Encoding.UTF8.GetBytes("{\"model\":\"" + model + "\",\"stream\":true}"));
        request.Headers.Add("x-gateway-stream-facts", "1");

        var reply = await RawReply.ReadAsync(await gateway.Host.Client.SendAsync(request));

        var comment = Assert.Single(reply.Text.Split('\n'), line => line.StartsWith(": gateway ", StringComparison.Ordinal));
        Assert.Contains("x-gateway-attempts=" + attempts, comment);
        Assert.Contains("x-gateway-provider=up", comment);
        Assert.EndsWith("\n\ndata: [DONE]\n\n", reply.Text);
        Assert.Equal(attempts, Assert.Single(reply.Headers.GetValues("x-gateway-attempts")));
    }

    [Theory]
    [InlineData(false, 503)]
    [InlineData(true, 503)]
    [InlineData(false, 429)]
    [InlineData(true, 404)]
    public async Task Route_FirstTargetCannot_TheNextAnswers(bool stream, int status)
    {
        gateway.Upstream.Enqueue(
            Script.Error(status),
            stream ? Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish()).Done() : Script.Json(Wire.Completion()));

        var reply = await RawReply.PostAsync(gateway.Host, Path, $$"""{"model":"two","stream":{{(stream ? "true" : "false")}}}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("b", Assert.Single(reply.Headers.GetValues("x-gateway-model")));
        Assert.Equal("2", Assert.Single(reply.Headers.GetValues("x-gateway-attempts")));
        Assert.Contains("\"model\":\"b\"", gateway.Upstream.Exchanges[^1].BodyText);
    }

    [Fact]
    public async Task Route_TheRequestIsAtFault_IsNotTriedElsewhere()
    {
        var before = gateway.Upstream.Exchanges.Count;
        gateway.Upstream.Enqueue(Script.Error(400));

        var reply = await RawReply.PostAsync(gateway.Host, Path, """{"model":"two"}""");

        Assert.Equal(400, reply.Status);
        Assert.Equal(before + 1, gateway.Upstream.Exchanges.Count);
    }

    [Fact]
    public async Task Responses_ClientLeaves_IsSettledOnWhatWasSeen()
    {
        var seen = gateway.Upstream.Exchanges.Count;
        gateway.Upstream.Enqueue(Script.Sse(
            """{"type":"response.created","sequence_number":0,"response":{"id":"r1","model":"m","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":1,"delta":"some words of an answer"}""").ThenHang());
        using var leave = new CancellationTokenSource();

        using var response = await gateway.Host.PostAsync("/v1/responses", """{"model":"up/m","input":"a question","stream":true}""", leave.Token);
        var body = RawReply.ReadAsync(response, leave.Token);
        var exchange = await gateway.Upstream.WaitForRequestAsync(seen + 1);
        await leave.CancelAsync();
        var left = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body);
        await exchange.ClientGone.WaitAsync(ScriptedGateway.Patience);
        Assert.True(Stopwatch.GetElapsedTime(left) < TimeSpan.FromSeconds(1));

        using var limit = new CancellationTokenSource(ScriptedGateway.Patience);
        System.Text.Json.JsonElement[] entries;
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            entries = await gateway.Host.LedgerAsync("?outcome=aborted");
        }
        while (entries.Length == 0);
        Assert.InRange(entries[0].GetProperty("output_tokens").GetInt64(), 4, 6);
        Assert.True(entries[0].GetProperty("estimated").GetBoolean());
    }

    private static HttpRequestMessage Request(byte[] body) => new(HttpMethod.Post, Path)
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private async Task<HttpResponseMessage> SendAsync(byte[] body, bool declared)
    {
        using var request = Request(body);
        request.Headers.TransferEncodingChunked = !declared;
        return await gateway.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A gateway with a route of two targets.</summary>
    public sealed class TwoTargets : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        internal ScriptedUpstream Upstream { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await ScriptedUpstream.StartAsync();
            Host = ForgottenFailures.In(await GatewayHost.StartAsync(Upstream, """ "limits": { "maxRequestBytes": 12000000 }, "routes": { "two": { "targets": ["up/a", "up/b"] } } """));
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
