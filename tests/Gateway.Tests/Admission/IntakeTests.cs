using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Admission;

/// <summary>What is refused before any provider is called, and what a reply says of itself.</summary>
public sealed class IntakeTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Ask = """{"model":"up/m","messages":[]}""";

    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(Script.Json("""{"model":"m-1","choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"""));
        _gateway = await GatewayHost.StartAsync(_upstream, """
            "limits": { "maxRequestBytes": 100000 },
            "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["*"] }, { "id": "off", "value": "env:UP_KEY", "models": ["*"], "disabled": true }]
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, 401, "missing_api_key")]
    [InlineData("Authorization", "Bearer ", 401, "missing_api_key")]
    [InlineData("Authorization", "Basic abc", 401, "missing_api_key")]
    [InlineData("Authorization", "Bearer wrong", 401, "invalid_api_key")]
    [InlineData("Authorization", "Bearer gw-test-key2", 401, "invalid_api_key")]
    [InlineData("Authorization", "Bearer gw-test-ke", 401, "invalid_api_key")]
    [InlineData("Authorization", "Bearer sk-upstream-secret", 401, "disabled_api_key")]
    [InlineData("x-api-key", "wrong", 401, "invalid_api_key")]
    [InlineData("Authorization", "bearer  gw-test-key ", 200, null)]
    [InlineData("x-api-key", "gw-test-key", 200, null)]
    [InlineData("api-key", "gw-test-key", 200, null)]
    public async Task Key_EachWay_IsAdmittedOrRefused(string? header, string? value, int status, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json(Ask) };
        using var client = new HttpClient { BaseAddress = _gateway.BaseUri };
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        using var response = await client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, _upstream.Exchanges.Count);
        if (code is not null)
            Assert.Equal(code, await CodeAsync(response));
        Assert.Equal(status == 200 ? 1 : 0, (await _gateway.LedgerAsync()).Length);
    }

    [Fact]
    public void KeyRing_ManyKeys_FindsEachAndNothingElse()
    {
        var hasher = new KeyHasher([1]);
        var keys = Enumerable.Range(0, 500).Select(i => new VirtualKey { Id = $"k{i}", Name = "", Hash = hasher.Hash($"value-{i}"), Models = [] }).ToList();
        // Two keys whose hashes begin alike lie in one bucket; only the whole hash decides.
        var twin = (byte[])keys[0].Hash.Clone();
        twin[31] ^= 1;
        keys.Insert(0, new VirtualKey { Id = "twin", Name = "", Hash = twin, Models = [] });
        var ring = new KeyRing(hasher, keys);
        for (var i = 0; i < 500; i++)
            Assert.Equal($"k{i}", ring.Find($"value-{i}")?.Id);
        Assert.Null(ring.Find("value-500"));
        Assert.Null(ring.Find(""));
        Assert.Null(ring.Find(new string('x', 257)));
        Assert.Null(new KeyRing(new KeyHasher([2]), keys).Find("value-1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_TooLarge_Is413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json("{\"model\":\"up/m\",\"x\":\"" + new string('x', 200_000) + "\"}") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _gateway.Client.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal("request_too_large", await CodeAsync(response));
        Assert.Empty(_upstream.Exchanges);
    }

    [Theory]
    [InlineData("text/plain", null, 415)]
    [InlineData("application/jsonp", null, 415)]
    [InlineData("multipart/form-data; boundary=x", null, 415)]
    [InlineData("application/json", "gzip", 415)]
    [InlineData("application/json", "identity", 200)]
    [InlineData("application/json; charset=utf-8", null, 200)]
    [InlineData("APPLICATION/JSON ;x=y", null, 200)]
    [InlineData(null, null, 200)]
    public async Task ContentType_OtherThanPlainJson_Is415(string? type, string? encoding, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Ask));
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await _gateway.Client.PostAsync(Path, content);
        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Equal("unsupported_media_type", await CodeAsync(response));
    }

    [Theory]
    [InlineData("Content-Length: 500\r\n\r\n{\"model\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    public async Task Body_CutShort_IsAnErrorAndNeverSentOn(string rest)
    {
        using var client = new TcpClient("127.0.0.1", _gateway.BaseUri.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Type: application/json\r\n{rest}"));
        client.Client.Shutdown(SocketShutdown.Send);
        var reply = await UntilClosedAsync(stream).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(reply.Length == 0 || reply.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), reply);
        Assert.Empty(_upstream.Exchanges);
        // The server closes the connection as soon as it sees the end; the entry may follow it.
        await WaitAsync(() => _gateway.LedgerAsync().GetAwaiter().GetResult().Length == 1);
        Assert.NotEqual("completed", (await _gateway.LedgerAsync()).Single().GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Body_ClientResetsWhileSending_IsSettledWithoutAnyCall()
    {
        using (var client = new TcpClient("127.0.0.1", _gateway.BaseUri.Port))
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{{\"model\":"));
            var overload = _gateway.Get<OverloadStage>();
            await WaitAsync(() => overload.Requests == 1);
            client.LingerState = new LingerOption(true, 0);
        }

        await WaitAsync(() => _gateway.LedgerAsync().GetAwaiter().GetResult().Length == 1);
        var entry = (await _gateway.LedgerAsync())[0];
        Assert.NotEqual("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal(0, entry.GetProperty("input_tokens").GetInt64());
        Assert.Empty(_upstream.Exchanges);
    }

    [Theory]
    [InlineData("my-id_1.2:3", true)]
    [InlineData("has space", false)]
    [InlineData("quote\"", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task RequestId_FitToLog_IsAccepted(string? sent, bool accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json(Ask) };
        if (sent is not null)
            request.Headers.TryAddWithoutValidation("x-request-id", sent);
        using var response = await _gateway.Client.SendAsync(request);
        var id = response.Headers.GetValues("x-request-id").Single();
        Assert.Equal(accepted, id == sent);
        Assert.Equal(id, (await _gateway.LedgerAsync()).Single().GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Headers_OfAReply_SayWhoServedIt()
    {
        using var response = await _gateway.PostAsync(Path, Ask);
        Assert.Equal("up", response.Headers.GetValues("x-gateway-provider").Single());
        Assert.Equal("m", response.Headers.GetValues("x-gateway-model").Single());
        Assert.Equal("1", response.Headers.GetValues("x-gateway-attempts").Single());
        Assert.True(decimal.Parse(response.Headers.GetValues("x-gateway-cost-usd").Single(), System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Matches("^gateway;dur=[0-9.]+, upstream;dur=[0-9.]+$", response.Headers.GetValues("Server-Timing").Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Body_TenMegabytesChunked_IsTakenIn()
    {
        await using var gateway = await GatewayHost.StartAsync(_upstream);
        var body = Encoding.UTF8.GetBytes("{\"model\":\"up/m\",\"x\":\"" + new string('x', 10_000_000) + "\"}");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await gateway.Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(body.Length - 3, (await _upstream.WaitForRequestAsync()).Body.Length);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString();

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // A server that closes while bytes of ours are unread resets the connection; that is an end too.
    private static async Task<string> UntilClosedAsync(NetworkStream stream)
    {
        var reply = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                reply.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
        }

        return reply.ToString();
    }
}
