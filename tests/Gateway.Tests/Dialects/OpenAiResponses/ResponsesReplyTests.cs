using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAiResponses;

public class ResponsesReplyTests
{
    private static readonly OpenAiResponsesCodec Codec = new();

    private static ChatReply? Read(string body) => Codec.ReadReply(Encoding.UTF8.GetBytes(body));

    private static JsonElement Write(ChatReply reply, ChatRequest? request = null)
    {
        using var document = JsonDocument.Parse(CodecRig.WriteReply(Codec, reply, CodecRig.Envelope(request)));
        return document.RootElement.Clone();
    }

    private static ChatReply Reply(FinishReason finish, params ContentPart[] parts)
    {
        var choice = new ChatChoice { Finish = finish };
        choice.Parts.AddRange(parts);
        return new ChatReply { Id = "msg_1", Choices = { choice } };
    }

    [Theory]
    [InlineData("""{"status":"completed","output":[]}""", "Stop")]
    [InlineData("""{"status":"completed","output":[{"type":"function_call","call_id":"c","name":"f","arguments":""}]}""", "ToolCalls")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}""", "Length")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}""", "ContentFilter")]
    [InlineData("""{"status":"failed","output":[],"error":{"code":"server_error","message":"x"}}""", "Error")]
    public void ReadReply_Status_IsTheFinish(string body, string finish) => Assert.Equal(finish, Read(body)!.Choices[0].Finish.ToString());

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"status":"queued","output":[]}""")]
    [InlineData("""{"error":{"message":"x"}}""")]
    public void ReadReply_NoReply_GivesNull(string body) => Assert.Null(Read(body));

    [Fact]
    public void ReadReply_UsageAndCallId()
    {
        var reply = Read("""
            {"id":"resp_1","model":"m","status":"completed","output":[{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}"}],
             "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":1},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":15}}
            """)!;
        Assert.Equal(new TokenUsage(10, 5, 4, 1, 3), reply.Usage);
        Assert.Equal("call_1", Assert.IsType<ToolCallPart>(reply.Choices[0].Parts[0]).Id);
    }

    [Theory]
    [InlineData("Stop", "completed", null)]
    [InlineData("ToolCalls", "completed", null)]
    [InlineData("Pause", "completed", null)]
    [InlineData("Length", "incomplete", "max_output_tokens")]
    [InlineData("ContentFilter", "incomplete", "content_filter")]
    [InlineData("Error", "failed", null)]
    public void WriteReply_Finish_IsTheStatus(string finish, string status, string? reason)
    {
        var response = Write(Reply(Enum.Parse<FinishReason>(finish), new TextPart("x")));
        Assert.Equal(status, response.GetProperty("status").GetString());
        Assert.Equal(reason, response.GetProperty("incomplete_details") is { ValueKind: JsonValueKind.Object } details ? details.GetProperty("reason").GetString() : null);
        Assert.Equal(finish == "Error", response.GetProperty("error").ValueKind == JsonValueKind.Object);
    }

    [Fact]
    public void WriteReply_RepeatsTheRequest()
    {
        var request = CodecRig.ReadRequest(Codec, """
            {"model":"m","input":"hi","instructions":"be brief","temperature":0.5,"max_output_tokens":99,"parallel_tool_calls":false,"metadata":{"a":"b"},"user":"u",
             "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"web_search"}],"tool_choice":{"type":"function","name":"f"},
             "reasoning":{"effort":"low"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}
            """);
        var response = Write(Reply(FinishReason.Stop, new TextPart("x")), request);
        Assert.Equal("resp_req-1", response.GetProperty("id").GetString());
        Assert.Equal("be brief", response.GetProperty("instructions").GetString());
        Assert.Equal(0.5, response.GetProperty("temperature").GetDouble());
        Assert.Equal(99, response.GetProperty("max_output_tokens").GetInt32());
        Assert.False(response.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.Equal("""{"a":"b"}""", response.GetProperty("metadata").GetRawText());
        Assert.Equal("""[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},{"type":"web_search"}]""", response.GetProperty("tools").GetRawText());
        Assert.Equal("""{"type":"function","name":"f"}""", response.GetProperty("tool_choice").GetRawText());
        Assert.Equal("low", response.GetProperty("reasoning").GetProperty("effort").GetString());
        Assert.Equal("n", response.GetProperty("text").GetProperty("format").GetProperty("name").GetString());
    }

    [Fact]
    public void WriteReply_ForeignReasoning_ComesBackAsItWas()
    {
        ContentPart[] parts =
        [
            new ReasoningPart { Text = "why", Signature = "sig", Origin = ReasoningOrigin.Anthropic },
            new ReasoningPart { Encrypted = "data", Origin = ReasoningOrigin.Anthropic },
            new ReasoningPart { Text = "plain", Origin = ReasoningOrigin.Plain },
            new ReasoningPart { Signature = "google", Origin = ReasoningOrigin.Gemini },
            new ToolCallPart { Id = "c", Name = "f", Arguments = "{}" },
        ];
        var output = Write(Reply(FinishReason.ToolCalls, parts)).GetProperty("output");
        var request = CodecRig.ReadRequest(Codec, $$"""{"model":"m","input":{{output.GetRawText()}}}""");
        var expected = new ChatRequest();
        expected.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [.. parts] });
        // Items have ids of their own; of foreign ones nobody need know.
        foreach (var part in request.Messages[0].Parts.OfType<ReasoningPart>())
            Assert.Null(part.Id);
        Assert.Equal(CanonicalText.Of(expected), CanonicalText.Of(request));
    }

    [Fact]
    public void WriteReply_Logprobs_AndAnnotations_HaveThisWiresForm()
    {
        var reply = Reply(FinishReason.Stop, new TextPart("x")
        {
            Citations = new RawJson("""[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":0,"end_index":1}}]"""u8.ToArray()),
            CitationsOrigin = Operation.ChatCompletions,
        });
        reply.Choices[0].Logprobs = new RawJson("""{"content":[{"token":"x","logprob":-1,"bytes":[120],"top_logprobs":[]}],"refusal":null}"""u8.ToArray());
        Assert.Equal(
            """[{"type":"output_text","text":"x","annotations":[{"type":"url_citation","start_index":0,"end_index":1,"url":"https://a.example","title":"A"}],"logprobs":[{"token":"x","logprob":-1,"bytes":[120],"top_logprobs":[]}]}]""",
            Write(reply).GetProperty("output")[0].GetProperty("content").GetRawText());
    }

    [Fact]
    public void WriteReply_ItemsOfThisWire_AreKeptWhole()
    {
        const string item = """{"type":"web_search_call","id":"ws_1","status":"completed"}""";
        var reply = Read($$"""{"id":"resp_1","status":"completed","output":[{{item}}]}""")!;
        Assert.Equal(item, Write(reply).GetProperty("output")[0].GetRawText());
    }
}
