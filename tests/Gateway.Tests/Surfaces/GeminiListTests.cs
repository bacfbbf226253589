using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Streams of Gemini's for clients that do not ask for events: one JSON list.</summary>
public sealed class GeminiListTests : IAsyncLifetime
{
    private const string Path = "/genai/v1beta/models/google/gemini-2.5-flash:streamGenerateContent";
    private const string Ask = """{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""";

    private static readonly string[] Elements =
    [
        """{"candidates":[{"content":{"parts":[{"text":"Hé"}],"role":"model"},"index":0}],"x_new":[1],"responseId":"r"}""",
        """{"candidates":[{"content":{"parts":[{"text":"llo"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3,"totalTokenCount":5}}""",
    ];

    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var at = _upstream.BaseUri.GetLeftPart(UriPartial.Authority);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "google": { "type": "gemini", "baseUrl": "{{at}}", "apiKey": "env:UP_KEY" },
              "up": { "type": "openai", "baseUrl": "{{_upstream.BaseUri}}", "apiKey": "env:UP_KEY" } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Relay_CutAtEveryByte_IsTheListOfTheEvents()
    {
        var stream = Encoding.UTF8.GetBytes(string.Concat(Elements.Select(e => $"data: {e}\r\n\r\n")));
        foreach (var cut in ByteSplits.Every(stream))
        {
            _upstream.Enqueue(Script.Chunks(cut));
            var reply = await RawReply.PostAsync(_gateway, Path, Ask);
            Assert.Equal($"[{Elements[0]},\r\n{Elements[1]}]", reply.Text);
            Assert.True(reply.IsProperEnd);
        }

        Assert.All(_upstream.Exchanges, e => Assert.EndsWith(":streamGenerateContent?alt=sse", e.Target, StringComparison.Ordinal));
        var entry = (await _gateway.LedgerAsync("?limit=1"))[0];
        Assert.Equal((2, 3, true), (entry.GetProperty("input_tokens").GetInt64(), entry.GetProperty("output_tokens").GetInt64(), entry.GetProperty("streamed").GetBoolean()));
    }

    [Fact]
    public async Task Translate_CutAtEveryByte_IsTheSameList()
    {
        const string chunk = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"HI"},"finish_reason":null}]}""";
        const string last = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}}""";
        var stream = Encoding.UTF8.GetBytes($"data: {chunk}\n\ndata: {last}\n\ndata: [DONE]\n\n");
        string? first = null;
        foreach (var cut in ByteSplits.Every(stream))
        {
            _upstream.Enqueue(Script.Chunks(cut));
            using var response = await _gateway.PostAsync(Path.Replace("google/gemini-2.5-flash", "up/m", StringComparison.Ordinal), Ask);
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            var text = WithoutId((await RawReply.ReadAsync(response)).Text);
            Assert.Equal(first ??= text, text);
        }

        var list = JsonNode.Parse(first!)!.AsArray();
        Assert.Equal("HI", string.Concat(list.Select(e => (string?)e!["candidates"]![0]!["content"]!["parts"]![0]!["text"])));
        Assert.Equal("STOP", (string?)list[^1]!["candidates"]![0]!["finishReason"]);
        Assert.Equal(5, (int)list[^1]!["usageMetadata"]!["totalTokenCount"]!);
    }

    [Fact]
    public async Task Relay_BrokenOff_EndsInAnErrorInsideTheList()
    {
        _upstream.Enqueue(Script.Sse(Elements[0]).ThenClose());

        var list = JsonNode.Parse((await RawReply.PostAsync(_gateway, Path, Ask)).Text)!.AsArray();

        Assert.Equal(2, list.Count);
        Assert.Equal(502, (int)list[1]!["error"]!["code"]!);
    }

    [Fact]
    public async Task Translate_BrokenOffInACall_IsAListAllTheSame()
    {
        const string call = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]},"finish_reason":null}]}""";
        _upstream.Enqueue(Script.Sse(call).ThenClose());

        var reply = await RawReply.PostAsync(_gateway, Path.Replace("google/gemini-2.5-flash", "up/m", StringComparison.Ordinal), Ask);

        Assert.Equal(502, (int)Assert.Single(JsonNode.Parse(reply.Text)!.AsArray())!["error"]!["code"]!);
    }

    [Theory]
    [InlineData("?alt=sse", "text/event-stream")]
    [InlineData("?%24alt=sse", "text/event-stream")]
    [InlineData("?alt=json", "application/json")]
    [InlineData("", "application/json")]
    public async Task Alt_SaysTheForm(string query, string type)
    {
        _upstream.Enqueue(Script.Sse(Elements));

        using var response = await _gateway.PostAsync(Path + query, Ask);

        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task StreamFacts_Asked_AreNotWrittenIntoAList()
    {
        _upstream.Enqueue(Script.Sse(Elements));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Ask, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-gateway-stream-facts", "1");

        Assert.Equal(2, JsonNode.Parse((await RawReply.ReadAsync(await _gateway.Client.SendAsync(request))).Text)!.AsArray().Count);
    }

    // Each reply has an id of its own.
    private static string WithoutId(string list)
    {
        var array = JsonNode.Parse(list)!.AsArray();
        foreach (var element in array)
            element!.AsObject().Remove("responseId");
        return array.ToJsonString();
    }
}
