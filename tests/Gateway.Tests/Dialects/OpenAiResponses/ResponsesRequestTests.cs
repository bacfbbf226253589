using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAiResponses;

public class ResponsesRequestTests
{
    private static readonly OpenAiResponsesCodec Codec = new();

    private static ChatRequest Read(string members) => CodecRig.ReadRequest(
        Codec, members.Contains("\"input\"", StringComparison.Ordinal) ? $"{{\"model\":\"m\",{members}}}" : $"{{\"model\":\"m\",\"input\":\"hi\",{members}}}");

    private static (JsonElement Body, IReadOnlyList<string> Dropped) Write(ChatRequest request, string model = "m", ReasoningOrigin vendor = ReasoningOrigin.OpenAi)
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, CodecRig.Target(model, "openai", vendor));
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.Clone(), dropped.Paths);
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("\"prompt\":{\"id\":\"p\"}", "prompt")]
    [InlineData("\"background\":true", "background")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]", "input[0]")]
    [InlineData("\"input\":5", "input")]
    [InlineData("\"input\":[{\"role\":\"wizard\",\"content\":\"x\"}]", "input[0].role")]
    [InlineData("\"input\":[{\"role\":\"user\"}]", "input[0].content")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]", "input[0].call_id")]
    [InlineData("\"tools\":[{\"name\":\"f\"}]", "tools[0].type")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    public void ReadRequest_WhatCantBeTranslated_NamesTheMember(string members, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => Read(members)).Param);

    [Fact]
    public void ReadRequest_StateThatIsNotUsed_IsNoMatter() => Assert.Single(Read("\"previous_response_id\":null,\"background\":false,\"conversation\":null").Messages);

    [Fact]
    public void ReadRequest_ItemsOfOneAnswer_AreOneTurn()
    {
        var request = Read("""
            "instructions":"be brief","input":[
              {"role":"user","content":"hi"},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"enc"},
              {"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"let me see","annotations":[]}]},
              {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}","status":"completed"},
              {"type":"function_call","call_id":"call_2","name":"g","arguments":""},
              {"type":"function_call_output","call_id":"call_1","output":"one"},
              {"type":"function_call_output","call_id":"call_2","output":[{"type":"input_text","text":"two"},{"type":"input_image","image_url":"data:image/png;base64,AA=="}]},
              {"type":"message","role":"assistant","content":"done"},
              {"type":"message","role":"assistant","content":"really"}]
            """);
        Assert.Equal(
            [ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Tool, ChatRole.Assistant, ChatRole.Assistant],
            request.Messages.Select(m => m.Role));
        var turn = request.Messages[2].Parts;
        var reasoning = Assert.IsType<ReasoningPart>(turn[0]);
        Assert.Equal(("a\n\nb", "enc", "rs_1", ReasoningOrigin.OpenAi), (reasoning.Text, reasoning.Encrypted, reasoning.Id, reasoning.Origin));
        Assert.Equal(["call_1", "call_2"], turn.OfType<ToolCallPart>().Select(c => c.Id));
        Assert.Equal(2, Assert.IsType<ToolResultPart>(request.Messages[4].Parts[0]).Content.Count);
    }

    [Fact]
    public void ReadRequest_Members_HaveTheirMeaning()
    {
        var request = Read("""
            "max_output_tokens":100,"text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},
            "reasoning":{"effort":"low","summary":"auto","context":"all_turns"},"include":["reasoning.encrypted_content","message.output_text.logprobs"],"top_logprobs":2,
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"function","name":"g","strict":false,"parameters":null},{"type":"web_search"}],
            "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},"truncation":"auto","max_tool_calls":3,"safety_identifier":"me"
            """);
        Assert.Equal(100, request.MaxOutputTokens);
        Assert.Equal(("n", true), (request.Format!.Name, request.Format.Strict));
        Assert.Equal(("low", "auto"), (request.Reasoning!.Effort, request.Reasoning.Summary));
        Assert.True(request.Logprobs);
        Assert.Equal([true, false, null], request.Tools.Select(t => t.Strict)); // strict unless it says otherwise
        Assert.Equal("web_search", request.Tools[2].Native!.Name);
        Assert.Equal((ToolChoiceMode.Required, "f"), (request.ToolChoice!.Mode, request.ToolChoice.Names[0]));
        Assert.Equal("me", request.User);
        Assert.Null(request.Store);
        Assert.Equal(["reasoning.context", "truncation", "max_tool_calls"], request.Extras.Select(e => e.Path));
    }

    [Fact]
    public void ReadRequest_WrappedReasoning_IsTheForeignVendors()
    {
        var wrapped = ForeignSignature.Wrap("sig", ReasoningOrigin.Anthropic, ReasoningOrigin.OpenAi);
        var closed = ForeignSignature.Wrap("encrypted:data", ReasoningOrigin.Anthropic, ReasoningOrigin.OpenAi);
        var request = Read($$"""
            "input":[{"type":"reasoning","id":"rs_x","summary":[{"type":"summary_text","text":"why"}],"encrypted_content":"{{wrapped}}"},
                     {"type":"reasoning","id":"rs_y","summary":[],"encrypted_content":"{{closed}}"}]
            """);
        var parts = request.Messages[0].Parts.Cast<ReasoningPart>().ToList();
        Assert.Equal(("why", "sig", null, ReasoningOrigin.Anthropic), (parts[0].Text, parts[0].Signature, parts[0].Encrypted, parts[0].Origin));
        Assert.Equal(("", null, "data", ReasoningOrigin.Anthropic), (parts[1].Text, parts[1].Signature, parts[1].Encrypted, parts[1].Origin));
    }

    [Fact]
    public void WriteRequest_NothingSaid_KeepsNothingAtTheProvider_AndToolsAreNotStrict()
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart("hi")] });
        request.Tools.Add(new ToolDefinition { Name = "f" });
        var (body, dropped) = Write(request);
        Assert.Empty(dropped);
        Assert.False(body.GetProperty("store").GetBoolean());
        Assert.False(body.GetProperty("tools")[0].GetProperty("strict").GetBoolean());
        Assert.False(body.TryGetProperty("include", out _));
        Assert.Equal("reasoning.encrypted_content", Write(request, "gpt-5").Body.GetProperty("include")[0].GetString());
    }

    [Fact]
    public void WriteRequest_WhatTheWireHasNoWordFor_IsNamed()
    {
        var request = CodecRig.ReadRequest(new Gateway.Dialects.OpenAiChat.OpenAiChatCodec(), """
            {"model":"m","messages":[{"role":"user","name":"n","content":"hi"}],"n":2,"stop":["x"],"seed":1,"presence_penalty":1,"frequency_penalty":1,"top_k":1,"min_p":0.1,
             "logit_bias":{"1":1},"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"},"max_tokens":1,"prediction":{"type":"content","content":"x"},
             "prompt_cache_retention":"24h","tools":[{"type":"custom","custom":{"name":"c"}}],"tool_choice":"auto"}
            """);
        var (body, dropped) = Write(request);
        Assert.Equal(
            [
                "messages[0].name", "tools[0] (custom)", "max_tokens (raised to 16)", "prediction", "n", "stop", "seed", "presence_penalty", "frequency_penalty", "top_k", "min_p",
                "logit_bias", "modalities", "audio",
            ],
            dropped);
        Assert.Equal("24h", body.GetProperty("prompt_cache_retention").GetString());
        Assert.False(body.TryGetProperty("tool_choice", out _));
    }

    [Fact]
    public void WriteRequest_AssistantsTurn_BecomesItemsInOrder()
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage
        {
            Role = ChatRole.Assistant,
            Parts =
            [
                new ReasoningPart { Text = "why", Encrypted = "enc", Id = "rs_1", Origin = ReasoningOrigin.OpenAi },
                new TextPart("a"),
                new ToolCallPart { Id = "toolu_1", Name = "f", Arguments = "" },
                new ReasoningPart { Text = "foreign", Signature = "s", Origin = ReasoningOrigin.Anthropic },
            ],
        });
        var (body, dropped) = Write(request);
        Assert.Equal(
            """[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"why"}],"encrypted_content":"enc"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]},{"type":"function_call","call_id":"toolu_1","name":"f","arguments":"{}"}]""",
            body.GetProperty("input").GetRawText());
        Assert.Equal(["messages[0].reasoning"], dropped);
        Assert.Equal(["messages[0].reasoning"], Write(request, vendor: ReasoningOrigin.Unknown).Dropped);
    }

    [Fact]
    public void WriteRequest_ReasoningModel_GetsNoSampling()
    {
        var request = Read("\"temperature\":1,\"top_p\":1");
        Assert.Equal(["temperature", "top_p"], Write(request, "o3").Dropped);
    }

    [Fact]
    public void WriteRequest_OwnRequest_IsTheSameAgain()
    {
        const string request = """
            {"model":"m","instructions":"be brief","input":[{"type":"message","role":"user","content":"hi"}],"tools":[{"type":"web_search"}],"reasoning":{"effort":"low","context":"all_turns"},"text":{"verbosity":"low"},"include":["file_search_call.results"],"store":true,"truncation":"auto"}
            """;
        JsonSame.Assert(request, Write(CodecRig.ReadRequest(Codec, request)).Body.GetRawText());
    }

    [Fact]
    public void WriteRequest_Video_CantBeSaid()
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new VideoPart(new MediaSource { Data = "AA==" })] });
        Assert.Equal("messages[0].content[0]", Assert.Throws<RequestFormatException>(() => Write(request)).Param);
    }
}
