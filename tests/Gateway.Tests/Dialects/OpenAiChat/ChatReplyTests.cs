using System.Text;
using Gateway.Dialects.OpenAiChat;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAiChat;

public class ChatReplyTests
{
    private static readonly OpenAiChatCodec Codec = new();

    private static ChatReply? Read(string body) => Codec.ReadReply(Encoding.UTF8.GetBytes(body));

    private static ChatChoice Choice(string message, string finish = "stop") =>
        Read($"{{\"id\":\"x\",\"model\":\"m\",\"choices\":[{{\"index\":0,\"message\":{message},\"finish_reason\":\"{finish}\"}}]}}")!.Choices[0];

    [Fact]
    public void ReadReply_Complete_IsUnderstood()
    {
        var reply = Read("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-x","service_tier":"default","system_fingerprint":"fp",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"annotations":[]},"logprobs":{"content":[],"refusal":null},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}
            """)!;
        Assert.Equal(("chatcmpl-1", "gpt-x", "default"), (reply.Id, reply.Model, reply.ServiceTier));
        Assert.Equal(new TokenUsage(10, 5, 4, 2, 3), reply.Usage);
        Assert.Equal("Hi", Assert.IsType<TextPart>(Assert.Single(reply.Choices[0].Parts)).Text);
        Assert.Equal("system_fingerprint", Assert.Single(reply.Extras).Name);
        Assert.Contains("\"system_fingerprint\":\"fp\"", CodecRig.WriteReply(Codec, reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no"}}""")]
    [InlineData("""{"choices":[],"error":{"message":"no"}}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"output":[]}""")]
    [InlineData("[]")]
    public void ReadReply_NoReply_GivesNull(string body) => Assert.Null(Read(body));

    [Theory]
    [InlineData("stop", "Stop")]
    [InlineData("eos", "Stop")]
    [InlineData("length", "Length")]
    [InlineData("model_length", "Length")]
    [InlineData("content_filter", "ContentFilter")]
    [InlineData("sensitive", "ContentFilter")]
    [InlineData("insufficient_system_resource", "Error")]
    [InlineData("network_error", "Error")]
    public void ReadReply_FinishOfAnyVendor_IsUnderstood(string word, string expected) =>
        Assert.Equal(expected, Choice("""{"role":"assistant","content":"x"}""", word).Finish.ToString());

    [Fact]
    public void ReadReply_StopWithCalls_IsToolCalls()
    {
        var choice = Choice("""{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{"a":1}}}]}""");
        Assert.Equal(FinishReason.ToolCalls, choice.Finish);
        Assert.Equal("{\"a\":1}", Assert.IsType<ToolCallPart>(choice.Parts[0]).Arguments);
    }

    [Fact]
    public void ReadReply_Mistral_ThinkingInContent()
    {
        var choice = Choice("""{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"why"}]},{"type":"text","text":"so"}]}""");
        Assert.Equal("why", Assert.IsType<ReasoningPart>(choice.Parts[0]).Text);
        Assert.Equal("so", Assert.IsType<TextPart>(choice.Parts[1]).Text);
    }

    [Fact]
    public void ReadReply_Databricks_SignedReasoningInContent()
    {
        var choice = Choice("""{"role":"assistant","content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"why","signature":"s"}]},{"type":"text","text":"so"}]}""");
        Assert.Equal("s", Assert.IsType<ReasoningPart>(choice.Parts[0]).Signature);
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public void ReadReply_PlainReasoning_UnderEitherName(string name)
    {
        var choice = Choice($$"""{"role":"assistant","content":"so","{{name}}":"why"}""");
        Assert.Equal(ReasoningOrigin.Plain, Assert.IsType<ReasoningPart>(choice.Parts[0]).Origin);
    }

    [Fact]
    public void ReadReply_Groq_UsageBeside() =>
        Assert.Equal(new TokenUsage(1, 2), Read("""{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}}}""")!.Usage);

    [Fact]
    public void WriteReply_WithoutIdOrModel_HasOwn()
    {
        var reply = new ChatReply { Choices = { new ChatChoice { Parts = { new TextPart("x") } } } };
        Assert.Equal(
            """{"id":"chatcmpl-req-1","object":"chat.completion","created":1700000000,"model":"test-model","choices":[{"index":0,"message":{"role":"assistant","content":"x","refusal":null},"logprobs":null,"finish_reason":"stop"}]}""",
            CodecRig.WriteReply(Codec, reply));
    }

    [Fact]
    public void WriteReply_GoogleSignature_StandsOnTheCallAndInTheDetails()
    {
        var choice = new ChatChoice { Finish = FinishReason.ToolCalls };
        choice.Parts.Add(new ReasoningPart { Text = "hm", Origin = ReasoningOrigin.Gemini });
        choice.Parts.Add(new ReasoningPart { Signature = "sig", Origin = ReasoningOrigin.Gemini });
        choice.Parts.Add(new ToolCallPart { Id = "", Name = "f", Arguments = "{}" });
        var written = CodecRig.WriteReply(Codec, new ChatReply { Choices = { choice } });
        Assert.Contains("\"extra_content\":{\"google\":{\"thought_signature\":\"sig\"}}", written, StringComparison.Ordinal);
        Assert.Contains("{\"type\":\"reasoning.encrypted\",\"data\":\"sig\",\"format\":\"google-gemini-v1\",\"id\":\"call_req-1_0\",\"index\":1}", written, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReply_ReasoningExcluded_IsNotShown()
    {
        var request = CodecRig.ReadRequest(Codec, """{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning":{"exclude":true}}""");
        var choice = new ChatChoice { Parts = { new ReasoningPart { Text = "secret", Origin = ReasoningOrigin.Plain }, new TextPart("x") } };
        Assert.DoesNotContain("secret", CodecRig.WriteReply(Codec, new ChatReply { Choices = { choice } }, CodecRig.Envelope(request)), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReply_CitationsOfOtherWires_BecomeAnnotations()
    {
        var choice = new ChatChoice();
        choice.Parts.Add(new TextPart("Hello "));
        choice.Parts.Add(new TextPart("world") { Citations = new RawJson("""[{"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"w"},{"type":"page_location"}]"""u8.ToArray()), CitationsOrigin = Operation.Messages });
        Assert.Contains(
            """
            "annotations":[{"type":"url_citation","url_citation":{"start_index":6,"end_index":11,"url":"https://a.example","title":"A"}}]
            """,
            CodecRig.WriteReply(Codec, new ChatReply { Choices = { choice } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Audio_RoundTrips()
    {
        const string message = """{"role":"assistant","content":null,"refusal":null,"audio":{"id":"audio_1","expires_at":5,"data":"AAAA","transcript":"hello"}}""";
        var reply = new ChatReply { Choices = { Choice(message) } };
        Assert.Contains(message, CodecRig.WriteReply(Codec, reply), StringComparison.Ordinal);
    }
}
