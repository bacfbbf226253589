using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.Ollama;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Ollama;

public class OllamaTrapTests
{
    private static readonly OllamaCodec Codec = new();

    [Fact]
    public void ReadReply_MemberWhoseNameIsNoText_IsNoReplyAndNoCrash() =>
        Assert.Null(Codec.ReadReply("""{"\ud800":1,"done":true,"message":{"content":""}}"""u8.ToArray()));

    [Theory]
    [InlineData("""{"model":"a"}""", true)]
    [InlineData("""{"model":"a","stream":null}""", true)]
    [InlineData("""{"model":"a","stream":true}""", true)]
    [InlineData("""{"model":"a","stream":false}""", false)]
    public void ReadRequest_Stream_IsTrueUnlessFalse(string body, bool expected)
    {
        var facts = new RequestFacts();
        Assert.Null(new OllamaDialect().ReadRequest(Encoding.UTF8.GetBytes(body), facts));
        Assert.Equal(expected, facts.Stream);
        Assert.Equal(expected, CodecRig.ReadRequest(Codec, body).Stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteRequest_Stream_IsAlwaysSaid(bool stream) =>
        Assert.Contains($"\"stream\":{(stream ? "true" : "false")}", CodecRig.WriteRequest(Codec, new ChatRequest { Stream = stream }).Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "{}")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("[1]", "{\"value\":[1]}")]
    [InlineData("{broken", "{\"value\":\"{broken\"}")]
    public void WriteRequest_Arguments_AreAlwaysAnObject(string arguments, string expected)
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart { Id = "x", Name = "f", Arguments = arguments }] });
        Assert.Contains($"\"arguments\":{expected}", CodecRig.WriteRequest(Codec, request).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRequest_CallsAndResultsWithoutIds_AreLinked()
    {
        var request = CodecRig.ReadRequest(Codec, """
            {"model":"m","messages":[
              {"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}},{"function":{"name":"g","arguments":{}}},{"function":{"name":"f","arguments":{"n":2}}}]},
              {"role":"tool","tool_name":"g","content":"G"},{"role":"tool","tool_name":"f","content":"F1"},{"role":"tool","tool_name":"f","content":"F2"}]}
            """);
        Assert.Equal(["call_0_0", "call_0_1", "call_0_2"], request.Messages[0].Parts.Cast<ToolCallPart>().Select(c => c.Id));
        Assert.Equal(["call_0_1", "call_0_0", "call_0_2"], request.Messages.Skip(1).Select(m => ((ToolResultPart)m.Parts[0]).CallId));
    }

    [Fact]
    public void WriteRequest_PartsAndImages_AreOneTextAndAList()
    {
        var request = new ChatRequest();
        var image = new ImagePart(new MediaSource { Data = "iVBORw0KGgo=", MediaType = "image/png" }) { Detail = "low" };
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart("a"), image, new TextPart("b")] });
        request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [new TextPart("c"), new TextPart("d")] });
        request.Messages.Add(new ChatMessage { Role = ChatRole.Developer, Parts = [new TextPart("e")] });
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.Contains("""[{"role":"user","content":"a\nb","images":["iVBORw0KGgo="]},{"role":"assistant","content":"cd"},{"role":"system","content":"e"}]""", body, StringComparison.Ordinal);
        Assert.Equal(["messages[0].content[1].image_url.detail"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_ImageAddress_MustHaveBeenFetched()
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new ImagePart(new MediaSource { Url = "https://a.example/x.png" })] });
        Assert.False(Codec.TakesMediaUrl("https://a.example/x.png", CodecRig.Target()));
        Assert.Throws<RequestFormatException>(() => CodecRig.WriteRequest(Codec, request));
    }

    [Theory]
    [InlineData("None", null, false)]
    [InlineData("Required", "tool_choice", true)]
    public void WriteRequest_ToolChoice_IsActedOnOrNamed(string mode, string? expected, bool hasTools)
    {
        var request = new ChatRequest { ToolChoice = new ToolChoice(Enum.Parse<ToolChoiceMode>(mode)) };
        request.Tools.Add(new ToolDefinition { Name = "f" });
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.Equal(expected is null ? [] : [expected], dropped.Paths);
        Assert.Equal(hasTools, body.Contains("\"tools\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("minimal", null, "\"think\":\"low\"")]
    [InlineData("xhigh", null, "\"think\":\"high\"")]
    [InlineData("none", false, "\"think\":false")]
    [InlineData("high", true, "\"think\":\"high\"")]
    public void WriteRequest_Effort_IsALevel(string effort, bool? reasons, string expected) =>
        Assert.Contains(
            expected,
            CodecRig.WriteRequest(Codec, new ChatRequest { Reasoning = new ReasoningSettings { Effort = effort } }, CodecRig.Target() with { Reasons = reasons }).Body,
            StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ModelThatCannotThink_IsNotAskedTo()
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, new ChatRequest { Reasoning = new ReasoningSettings { Effort = "high" } }, CodecRig.Target() with { Reasons = false });
        Assert.DoesNotContain("think", body, StringComparison.Ordinal);
        Assert.Equal(["reasoning_effort"], dropped.Paths);
    }

    [Fact]
    public void ReadReply_StopWithCalls_IsToolCalls()
    {
        var reply = Codec.ReadReply(GoldenFile.Bytes("ollama/reply-tools.json"))!;
        Assert.Equal(FinishReason.ToolCalls, reply.Choices[0].Finish);
        Assert.Equal(["Tokyo", "Paris"], reply.Choices[0].Parts.Cast<ToolCallPart>().Select(c => JsonDocument.Parse(c.Arguments).RootElement.GetProperty("city").GetString()!));
    }

    [Fact]
    public void Decode_Tools_AreWholeCallsAndFinishIsToolCalls()
    {
        var events = CodecRig.Decode(Codec, StreamFraming.JsonLines, GoldenFile.Bytes("ollama/tools.ndjson")).Events;
        Assert.Equal([0, 1, 2], events.Where(e => e.Kind == ChatEventKind.ToolCallStart).Select(e => e.Index));
        Assert.Equal(["{\"city\":\"Zürich\"}", "{}", "{\"city\":\"Bern\"}"], events.Where(e => e.Kind == ChatEventKind.ToolCallArguments).Select(e => e.Text));
        Assert.Equal(FinishReason.ToolCalls, events.Single(e => e.Kind == ChatEventKind.Finish).Finish);
    }

    [Fact]
    public void Decode_CountMissing_IsZero() => Assert.Equal(
        new TokenUsage(0, 9),
        CodecRig.Decode(Codec, StreamFraming.JsonLines, GoldenFile.Bytes("ollama/thinking.ndjson")).Events.Single(e => e.Kind == ChatEventKind.Usage).Usage);

    [Theory]
    [InlineData("{\"error\":\"an error was encountered\"}", nameof(TapVerdict.Error))]
    [InlineData("{\"status\":\"pulling\"}", nameof(TapVerdict.Malformed))]
    [InlineData("[]", nameof(TapVerdict.Malformed))]
    [InlineData("\r\n", nameof(TapVerdict.Preamble))]
    public void Decode_OddLine_HasItsVerdict(string line, string expected) =>
        Assert.Equal(expected, CodecRig.Decode(Codec, StreamFraming.JsonLines, Encoding.UTF8.GetBytes(line)).Verdicts.Single().ToString());

    [Fact]
    public void Encode_Error_IsALineTheClientRaises()
    {
        var output = new ArrayBufferWriter<byte>();
        new OllamaDialect().WriteStreamError(output, new GatewayError(ErrorKinds.StreamCut, "It broke off."), "req");
        Assert.Equal("{\"error\":\"It broke off.\",\"code\":\"stream_interrupted\"}\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Encode_InterleavedCalls_AreLinesOfWholeCalls()
    {
        var text = Encoding.UTF8.GetString(CodecRig.Encode(Codec,
        [
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 0, Id = "a", Name = "f" },
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 1, Name = "g" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{\"y\":" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"x\":1}" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 1, Text = "2}" },
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
        ]));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"x\":1}}}]", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"tool_calls\":[{\"id\":\"call_req-1_1\",\"function\":{\"index\":1,\"name\":\"g\",\"arguments\":{\"y\":2}}}]", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"done\":true,\"done_reason\":\"stop\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_OfOtherVendors_ComeBack()
    {
        var reply = new ChatReply();
        var choice = new ChatChoice { Finish = FinishReason.ToolCalls };
        choice.Parts.Add(new ReasoningPart { Text = "hm", Signature = "s1", Origin = ReasoningOrigin.Anthropic });
        choice.Parts.Add(new ReasoningPart { Signature = "s2", Origin = ReasoningOrigin.Gemini });
        choice.Parts.Add(new ToolCallPart { Id = "a", Name = "f", Arguments = "{}" });
        reply.Choices.Add(choice);
        using var written = JsonDocument.Parse(CodecRig.WriteReply(Codec, reply));
        var request = CodecRig.ReadRequest(Codec, $$"""{"model":"m","messages":[{{written.RootElement.GetProperty("message").GetRawText()}}]}""");
        Assert.Equal(Canonical.Of(choice.Parts), Canonical.Of(request.Messages[0].Parts));
    }

    [Fact]
    public void ReadRequest_OptionsOnlyOllamaKnows_AreNamedToOthers()
    {
        var request = CodecRig.ReadRequest(Codec, """{"model":"m","messages":[],"options":{"num_ctx":1,"temperature":1,"num_predict":-1},"keep_alive":"1m"}""");
        var dropped = new DroppedMembers();
        dropped.AddForeign(request.Extras, Operation.ChatCompletions);
        Assert.Equal(["keep_alive", "options.num_ctx"], dropped.Paths);
        Assert.Null(request.MaxOutputTokens);
    }

}
