using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>Traps that running real clients and providers taught.</summary>
public sealed class ClientTrapTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    private const string Ask = """{"model":"up/m","stream":true,"messages":[]}""";

    [Theory]
    [InlineData("cut inside an emoji \\ud83d")]
    [InlineData("\\ude00 the other half")]
    [InlineData("\\ud800\\ud800")]
    public async Task Stream_LoneSurrogateInAChunk_PassesUntouched(string text)
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text(text), Wire.Text("\\ude00 after"), Wire.Finish()).Done());

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask);

        Assert.True(reply.IsProperEnd);
        Assert.Equal([Wire.Role, Wire.Text(text), Wire.Text("\\ude00 after"), Wire.Finish(), "[DONE]"], reply.Data);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("output_tokens").GetInt64() > 0);
    }

    [Fact]
    public async Task Stream_EmojiCutOverTwoChunks_TheSdkSeesTheStreamToItsEnd()
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Text("\\ud83d"), Wire.Text("\\ude00"), Wire.Finish()).Done());

        // The .NET SDK itself can't decode a lone surrogate: the gateway must hand it over all the same, and end properly.
        using var response = await gateway.Host.PostAsync("/v1/chat/completions", Ask);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\\ud83d", text);
        Assert.EndsWith("data: [DONE]\n\n", text);
    }

    [Theory]
    [InlineData("""{"model":"up/m","messages":[{"role":"user","content":"half \ud83d"}]}""")]
    [InlineData("""{"model":"up/m","messages":[],"user":"\udead"}""")]
    [InlineData("""{"model":"up/m","messages":[],"metadata":{"\ud83d":"x"}}""")]
    [InlineData("""{"model":"up/m","messages":[],"\ud83d":"a member of that name"}""")]
    public async Task Request_LoneSurrogate_ReachesTheProviderUntouched(string body)
    {
        gateway.Next(Script.Json(Wire.Completion()));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", body);

        Assert.Equal(200, reply.Status);
        Assert.Equal(body.Replace("up/m", "m", StringComparison.Ordinal), gateway.LastExchange.BodyText);
    }

    [Fact]
    public async Task Request_LoneSurrogateInTheModel_Is400()
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/\ud83d","messages":[]}""");

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData("half \\ud83d")]
    [InlineData("\\ude00\\ud83d")]
    public async Task Reply_LoneSurrogate_PassesUntouched(string text)
    {
        gateway.Next(Script.Json(Wire.Completion(text)));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/m","messages":[]}""");

        Assert.Equal(Wire.Completion(text), reply.Text);
    }

    [Theory]
    [InlineData("""{"id":"\ud83d","model":"\ude00","choices":[{"index":0,"message":{"\ud83d":1,"content":"x"},"finish_reason":"\ud83d"}],"\ud83d":null}""")]
    [InlineData("""{"id":"i","choices":[],"system_fingerprint":"\ud83d","usage":{"\ud83d":3}}""")]
    public async Task Reply_LoneSurrogatesWhereTheGatewayLooks_PassUntouched(string body)
    {
        gateway.Next(Script.Json(body));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/m","messages":[]}""");

        Assert.Equal(body, reply.Text);
        Assert.Equal("completed", (await gateway.NewestEntryAsync()).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Stream_LoneSurrogatesWhereTheGatewayLooks_PassUntouched()
    {
        const string Odd = """{"id":"\ud83d","model":"\ude00","\ud83d":1,"choices":[{"\ud83d":1,"index":0,"delta":{"\ud83d":"x","content":"y"},"finish_reason":null}]}""";
        gateway.Next(Script.Sse(Odd, Wire.Finish()).Done());

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask);

        Assert.Equal([Odd, Wire.Finish(), "[DONE]"], reply.Data);
    }

    [Fact]
    public async Task Stream_UsageNotAsked_IsAskedOfTheProviderAndTakenOut()
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish(), Wire.Usage).Done());

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask);

        Assert.Equal([Wire.Role, Wire.Text("a"), Wire.Finish(), "[DONE]"], reply.Data);
        Assert.True(JsonDocument.Parse(gateway.LastExchange.Body).RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal((5, 2), (entry.GetProperty("input_tokens").GetInt64(), entry.GetProperty("output_tokens").GetInt64()));
        Assert.False(entry.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Stream_UsageAsked_IsThere()
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish(), Wire.Usage).Done());
        const string Asked = """{"model":"up/m","stream":true,"stream_options":{"include_usage":true},"messages":[]}""";

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Asked);

        Assert.Equal([Wire.Role, Wire.Text("a"), Wire.Finish(), Wire.Usage, "[DONE]"], reply.Data);
        Assert.Equal(Asked.Replace("up/m", "m", StringComparison.Ordinal), gateway.LastExchange.BodyText);
    }

    [Fact]
    public async Task Stream_AzuresFirstChunkWithoutChoices_IsNotContentAndTheSdkReadsOn()
    {
        var bytes = OpenAiStreams.Chat("azure-prompt-filter");
        gateway.Next(Script.Stream().Write(bytes), Script.Stream().Write(bytes));

        var (text, finish) = await Sdk.ReadAsync(Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync(new UserChatMessage("x")));
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask);

        Assert.Equal(("Hi there", ChatFinishReason.Stop), (text, finish));
        Assert.Equal(Encoding.UTF8.GetString(bytes), reply.Text);
        Assert.Equal("gpt-test-2025-01-01", (await gateway.NewestEntryAsync()).GetProperty("response_model").GetString());
    }

    [Fact]
    public async Task Stream_AzuresFirstChunkThenAnError_IsARealStatus()
    {
        gateway.Next(Script.Sse("""{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[]}""").ThenClose());

        Assert.Equal(502, (await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_NoDoneAndTheConnectionStaysOpen_IsFinishedWithinTheGrace(bool usage)
    {
        var script = Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish());
        gateway.Next((usage ? script.Event(Wire.Usage) : script).ThenHang());
        var began = Stopwatch.GetTimestamp();

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask.Replace("up/m", "brief-grace", StringComparison.Ordinal));

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        Assert.Equal([Wire.Role, Wire.Text("a"), Wire.Finish(), "[DONE]"], reply.Data);
        Assert.True(reply.IsProperEnd);
        await gateway.LastExchange.ClientGone.WaitAsync(ScriptedGateway.Patience);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal(!usage, entry.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Stream_ProviderStaysConnectedAfterDone_DoesNotDelayTheNextRequest()
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish()).Done().ThenHang(), Script.Json(Wire.Completion()));
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", Ask);
        var began = Stopwatch.GetTimestamp();

        var next = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/m","messages":[]}""");

        Assert.True(reply.IsProperEnd);
        Assert.Equal(200, next.Status);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(0.5), "the next request on the connection waited " + Stopwatch.GetElapsedTime(began));
    }

    public static TheoryData<string> Goldens => [.. OpenAiStreams.ChatNames];

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Stream_AnyGolden_PassesByteForByteAndTheSdkReadsIt(string name)
    {
        var bytes = OpenAiStreams.Chat(name);
        gateway.Next(Script.Chunks(ByteSplits.Single(bytes)), Script.Stream().Write(bytes));
        var choices = name == "two-choices" ? ",\"n\":2" : "";

        var reply = await RawReply.PostAsync(
            gateway.Host, "/v1/chat/completions", $$"""{"model":"up/m","stream":true,"stream_options":{"include_usage":true},"messages":[]{{choices}}}""");
        var (_, finish) = await Sdk.ReadAsync(Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync(new UserChatMessage("x")));

        Assert.Equal(Encoding.UTF8.GetString(bytes), reply.Text);
        Assert.True(reply.IsProperEnd);
        Assert.NotNull(finish);
    }

    [Theory]
    [InlineData("bom", "After a mark")]
    [InlineData("crlf", "Carriage returns")]
    [InlineData("cr-only", "Bare returns")]
    [InlineData("comments-and-events", "Named events")]
    [InlineData("multi-line-data", "Several lines")]
    [InlineData("no-space", "No space")]
    [InlineData("multibyte", "Grüße — こんにちは 👩‍👩‍👧 🎉𝒳.")]
    public async Task Stream_UnusualButValid_TheSdkReadsTheText(string name, string expected)
    {
        gateway.Next(Script.Stream().Write(OpenAiStreams.Chat(name)));

        var (text, finish) = await Sdk.ReadAsync(Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync(new UserChatMessage("x")));

        Assert.Equal((expected, ChatFinishReason.Stop), (text, finish));
    }

    [Fact]
    public async Task Stream_ParallelToolCallsInFragments_TheSdkPutsThemTogether()
    {
        gateway.Next(Script.Chunks(ByteSplits.Single(OpenAiStreams.Chat("parallel-tool-calls"))));
        var arguments = new SortedDictionary<int, string>();
        var names = new List<string>();

        await foreach (var update in Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync(new UserChatMessage("x")))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionName is not null)
                    names.Add(call.ToolCallId + " " + call.FunctionName);
                arguments[call.Index] = arguments.GetValueOrDefault(call.Index) + call.FunctionArgumentsUpdate;
            }
        }

        Assert.Equal(["call_paris01 get_weather", "call_tokyo02 get_weather"], names);
        Assert.Equal("""{"city":"Paris","note":"café \"x\""}""", JsonDocument.Parse(arguments[0]).RootElement.GetRawText().Replace("\\u00e9", "é", StringComparison.Ordinal));
        Assert.Equal("""{"city":"東京"}""", arguments[1]);
    }

    [Theory]
    [InlineData("""["one","two"]""")]
    [InlineData("""[[1,2],[3]]""")]
    public async Task Completions_SeveralPromptsAndTheStreamIsCutBetweenThem_IsNotASuccess(string prompt)
    {
        gateway.Next(Script.Sse(
            """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"a","finish_reason":null}]}""",
            """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"","finish_reason":"stop"}]}"""));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/completions", $$"""{"model":"up/m","stream":true,"prompt":{{prompt}}}""");

        Assert.False(reply.IsProperEnd);
        Assert.False(reply.HasDone);
        Assert.Equal("stream_interrupted", reply.ErrorCode);
    }

    [Theory]
    [InlineData("\"one\"")]
    [InlineData("[1,2,3]")]
    [InlineData("""["one"]""")]
    public async Task Completions_OnePromptAndNoDone_IsFinishedProperly(string prompt)
    {
        gateway.Next(Script.Sse(
            """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"a","finish_reason":null}]}""",
            """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"","finish_reason":"stop"}]}"""));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/completions", $$"""{"model":"up/m","stream":true,"prompt":{{prompt}}}""");

        Assert.True(reply.IsProperEnd);
        Assert.Equal("[DONE]", reply.Data[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientLeaves_ProviderSeesTheHangUpAtOnce(bool stream)
    {
        var seen = gateway.Upstream.Exchanges.Count;
        gateway.Next(stream ? Script.Sse(Wire.Role, Wire.Text("a")).ThenHang() : Script.Reply(200, "application/json").ContentLength(1000).Write("{\"id\":").ThenHang());
        using var leave = new CancellationTokenSource();

        var reply = RawReply.PostAsync(gateway.Host, "/v1/chat/completions", stream ? Ask : """{"model":"up/m","messages":[]}""", leave.Token);
        var exchange = await gateway.Upstream.WaitForRequestAsync(seen + 1);
        await leave.CancelAsync();
        var left = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        await exchange.ClientGone.WaitAsync(ScriptedGateway.Patience);

        Assert.True(Stopwatch.GetElapsedTime(left) < TimeSpan.FromSeconds(1), "the provider was left only after " + Stopwatch.GetElapsedTime(left));
    }
}
