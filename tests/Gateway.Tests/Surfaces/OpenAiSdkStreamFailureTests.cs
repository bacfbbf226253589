using System.Text;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>What breaks after content has been seen must surface in the SDK as an exception, never as the end of a success.</summary>
public sealed class OpenAiSdkStreamFailureTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    private static readonly Script Half = Script.Sse(Wire.Role, Wire.Text("half"));

    private static Script Broken(string how) => how switch
    {
        "cut" => Half.ThenClose(),
        "cut in an event" => Half.Write("data: {\"id\":\"c1\",\"cho").ThenClose(),
        "reset" => Half.ThenReset(),
        "ended without finish" => Half,
        "malformed" => Half.Event("{\"id\":\"c1\",\"choices\":[{").Event(Wire.Finish()).Done(),
        "stall" => Half.ThenHang(),
        "error event" => Half.Event("""{"error":{"message":"boom","type":"server_error","code":null}}""").Done(),
        _ => throw new ArgumentOutOfRangeException(nameof(how)),
    };

    [Theory]
    [InlineData("cut", "stream_interrupted")]
    [InlineData("cut in an event", "stream_interrupted")]
    [InlineData("ended without finish", "stream_interrupted")]
    [InlineData("malformed", "stream_malformed")]
    [InlineData("stall", "stream_stalled")]
    [InlineData("error event", "provider_error")]
    public async Task Stream_BreaksAfterContent_TheSdkThrows(string how, string code)
    {
        gateway.Next(Broken(how));
        var text = new StringBuilder();
        ChatFinishReason? finish = null;

        var error = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in Sdk.Chat(gateway.Host, "brief-idle").CompleteChatStreamingAsync(new UserChatMessage("x")))
            {
                foreach (var part in update.ContentUpdate)
                    text.Append(part.Text);
                finish = update.FinishReason ?? finish;
            }
        });

        Assert.NotNull(error);
        Assert.IsAssignableFrom<IOException>(error);
        Assert.Equal("half", text.ToString());
        Assert.Null(finish);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal("interrupted", entry.GetProperty("outcome").GetString());
        Assert.Equal(code, entry.GetProperty("error_code").GetString());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("output_tokens").GetInt64() > 0);
    }

    [Theory]
    [InlineData("cut", "stream_interrupted")]
    [InlineData("malformed", "stream_malformed")]
    [InlineData("stall", "stream_stalled")]
    [InlineData("error event", "provider_error")]
    public async Task Stream_BreaksAfterContent_TheWireSaysSoTwice(string how, string code)
    {
        gateway.Next(Broken(how));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"brief-idle","stream":true,"messages":[]}""");

        Assert.Equal(200, reply.Status);
        Assert.Contains("half", reply.Text);
        Assert.Equal(code, reply.ErrorCode);
        Assert.False(reply.HasDone);
        Assert.False(reply.IsProperEnd);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("malformed")]
    [InlineData("error event")]
    public async Task Stream_BreaksBeforeContent_IsARealStatus(string how)
    {
        var script = Script.Sse(Wire.Role);
        gateway.Next(how switch
        {
            "cut" => script.ThenClose(),
            "malformed" => script.Event("{"),
            _ => script.Event("""{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}"""),
        });

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/m","stream":true,"messages":[]}""");

        Assert.Equal(how == "error event" ? 429 : 502, reply.Status);
        Assert.True(reply.IsProperEnd);
        Assert.Equal("failed", (await gateway.NewestEntryAsync()).GetProperty("outcome").GetString());
    }

    /// <summary>Why an error event alone would not do: the SDK skips it, and only the improper end of the connection makes it throw.</summary>
    [Fact]
    public async Task Stream_ErrorEventAndAProperEndWithoutTheGateway_TheSdkTakesForASuccess()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Broken("error event"));
        var direct = new ChatClient("m", new System.ClientModel.ApiKeyCredential("any"), new OpenAI.OpenAIClientOptions { Endpoint = upstream.BaseUri });

        var (text, finish) = await Sdk.ReadAsync(direct.CompleteChatStreamingAsync(new UserChatMessage("x")));

        Assert.Equal(("half", null), (text, finish));
    }

    [Fact]
    public async Task Stream_ContentAfterAnInterruption_NeverCounts()
    {
        gateway.Next(Broken("malformed"));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{"model":"up/m","stream":true,"messages":[]}""");

        Assert.DoesNotContain("finish_reason\":\"stop", reply.Text);
    }
}
