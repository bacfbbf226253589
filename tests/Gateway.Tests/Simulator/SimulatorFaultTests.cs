using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OpenAI.Chat;

namespace Gateway.Tests.Simulator;

/// <summary>Each fault as a client sees it on the wire, in every dialect where it makes sense.</summary>
public sealed class SimulatorFaultTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    /// <summary>Paths, and whether to stream.</summary>
    public static TheoryData<string, bool> Exchanges => new()
    {
        { "/chat/completions", false },
        { "/chat/completions", true },
        { "/responses", false },
        { "/responses", true },
        { "/completions", false },
        { "/completions", true },
    };

    private static string Body(string path, string model, bool stream, string prompt = "Tell me about tides")
    {
        var input = path switch
        {
            "/chat/completions" => "\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]",
            "/completions" => "\"prompt\":\"" + prompt + "\"",
            _ => "\"input\":\"" + prompt + "\"",
        };
        if (stream && path != "/responses")
            input += ",\"stream_options\":{\"include_usage\":true}";
        return "{\"model\":\"" + model + "\",\"stream\":" + (stream ? "true" : "false") + "," + input + "}";
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task RateLimit_Always_Is429WithRetryAfter(string path, bool stream)
    {
        using var response = await simulator.PostAsync(path, Body(path, "fault-429", stream));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal("0", Assert.Single(response.Headers.GetValues("x-ratelimit-remaining-requests")));
        Assert.Equal("rate_limit_exceeded", await CodeAsync(response));
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task ErrorOnce_SameBody_FailsThenAnswers(string path, bool stream)
    {
        var body = Body(path, "fault-500-once", stream, "only in this test");
        using var first = await simulator.PostAsync(path, body);
        using var second = await simulator.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.InternalServerError, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task ErrorOnce_SameUser_FailsOncePerUser()
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var (user, text) in new[] { ("ann", "a"), ("ann", "b"), ("bob", "a"), ("bob", "b") })
        {
            using var response = await simulator.PostAsync(
                "/chat/completions",
                $$"""{"model":"fault-500-once","user":"{{user}}","messages":[{"role":"user","content":"{{text}}"}]}""");
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.OK], statuses);
    }

    [Theory]
    [InlineData("fault-503", 503, "service_unavailable")]
    [InlineData("fault-context-length", 400, "context_length_exceeded")]
    [InlineData("fault-content-filter", 400, "content_filter")]
    public async Task Refusal_AnyDialect_IsAnErrorInOpenAisShape(string model, int status, string code)
    {
        foreach (var path in new[] { "/chat/completions", "/responses", "/completions", "/embeddings" })
        {
            using var response = await simulator.PostAsync(path, Body(path, model, stream: path != "/embeddings"));

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(code, await CodeAsync(response));
        }

        var error = await Assert.ThrowsAsync<ClientResultException>(() => simulator.OpenAi.GetChatClient(model).CompleteChatAsync(new UserChatMessage("hi")));
        Assert.Equal(status, error.Status);
    }

    [Fact]
    public async Task ContentFilter_Always_SaysWhichCategory()
    {
        var reply = await simulator.PostJsonAsync("/chat/completions", Body("/chat/completions", "fault-content-filter", stream: false));

        var inner = reply.GetProperty("error").GetProperty("innererror");
        Assert.Equal("ResponsibleAIPolicyViolation", inner.GetProperty("code").GetString());
        Assert.True(inner.GetProperty("content_filter_result").GetProperty("violence").GetProperty("filtered").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Reset_Always_IsAConnectionResetBeforeAnyByte(string path, bool stream)
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.PostAsync(path, Body(path, "fault-reset", stream)));

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException!.InnerException).SocketErrorCode);
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Silence_UntilTheClientLeaves_SendsNothing(string path, bool stream)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", simulator.BaseUri.Port);
        var body = Body(path, "fault-silence", stream);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        // Another exchange, start to end, gives the silent one every chance to speak.
        _ = await simulator.PostJsonAsync(path, Body(path, "chat", stream: false));
        Assert.Equal(0, socket.Available);

        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await ReceiveAsync(socket));
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task SlowFirstToken_Always_SendsHeadersThenTheWholeReply(string path, bool stream)
    {
        using var response = await simulator.PostAsync(path, Body(path, "fault-slow-first-token", stream));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(stream ? "\"usage\"" : "total_tokens", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Cut_Always_EndsTheConnectionHalfWay(string path, bool stream)
    {
        using var response = await simulator.PostAsync(path, Body(path, "fault-cut", stream));
        var (text, error) = await ReadAllAsync(response);

        Assert.IsAssignableFrom<IOException>(error);
        AssertHalf(text, stream);
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Stall_Always_FallsSilentHalfWay(string path, bool stream)
    {
        using var leave = new CancellationTokenSource();
        using var response = await simulator.PostAsync(path, Body(path, "fault-stall", stream));
        await using var body = await response.Content.ReadAsStreamAsync();
        var text = new StringBuilder();
        var buffer = new byte[4096];
        var half = stream ? 20 : 1;
        while (SimulatorFixture.Data(text.ToString()).Count < half && (stream || text.Length == 0))
            text.Append(Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer)));

        // What follows the half is at most what was already under way; then nothing comes any more.
        var silent = false;
        while (!silent)
        {
            var read = body.ReadAsync(buffer, leave.Token).AsTask();
            _ = await simulator.PostJsonAsync(path, Body(path, "chat", stream: false));
            silent = !read.IsCompleted;
            if (!silent)
                text.Append(Encoding.UTF8.GetString(buffer, 0, await read));
        }

        AssertHalf(text.ToString(), stream);
        await leave.CancelAsync();
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Malformed_Always_HasSomethingThatIsNotJsonInTheMiddle(string path, bool stream)
    {
        using var response = await simulator.PostAsync(path, Body(path, "fault-malformed", stream));
        var (text, error) = await ReadAllAsync(response);

        Assert.Null(error);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (!stream)
        {
            Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
            return;
        }

        var data = SimulatorFixture.Data(text);
        var broken = data.FindIndex(item => !IsJson(item) && item != "[DONE]");
        Assert.InRange(broken, 10, data.Count - 10);
        Assert.Single(data, item => !IsJson(item) && item != "[DONE]");
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task NoDone_Always_IsCompleteButForTheTerminator(string path, bool stream)
    {
        using var response = await simulator.PostAsync(path, Body(path, "fault-no-done", stream));
        var (text, error) = await ReadAllAsync(response);

        Assert.Null(error);
        Assert.True(response.Headers.ConnectionClose);
        Assert.DoesNotContain("[DONE]", text);
        Assert.Contains("\"total_tokens\"", text);
        Assert.Contains(path == "/responses" ? "\"completed\"" : "\"finish_reason\":\"stop\"", text);
    }

    [Fact]
    public async Task Cut_Embeddings_EndsTheConnectionHalfWay()
    {
        using var response = await simulator.PostAsync("/embeddings", Body("/embeddings", "fault-cut", stream: false));
        var (text, error) = await ReadAllAsync(response);

        Assert.IsAssignableFrom<IOException>(error);
        Assert.True(text.Length < response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Cut_ShortReply_StillCuts()
    {
        using var response = await simulator.PostAsync(
            "/chat/completions",
            """{"model":"fault-cut","max_tokens":1,"stream":true,"messages":[{"role":"user","content":"x"}]}""");

        Assert.IsAssignableFrom<IOException>((await ReadAllAsync(response)).Error);
    }

    private static void AssertHalf(string text, bool stream)
    {
        if (!stream)
        {
            Assert.NotEmpty(text);
            Assert.False(IsJson(text));
            return;
        }

        Assert.All(SimulatorFixture.Data(text), item => Assert.True(IsJson(item)));
        Assert.InRange(SimulatorFixture.Data(text).Count, 20, 90);
        Assert.DoesNotContain("\"stop\"", text);
        Assert.DoesNotContain("response.completed", text);
        Assert.EndsWith("\n\n", text);
    }

    private static async Task<(string Text, Exception? Error)> ReadAllAsync(HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        using var text = new MemoryStream();
        try
        {
            await body.CopyToAsync(text).WaitAsync(SimulatorFixture.Patience);
            return (Encoding.UTF8.GetString(text.ToArray()), null);
        }
        catch (IOException e)
        {
            return (Encoding.UTF8.GetString(text.ToArray()), e);
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(SimulatorFixture.Patience);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        SimulatorFixture.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString();

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
