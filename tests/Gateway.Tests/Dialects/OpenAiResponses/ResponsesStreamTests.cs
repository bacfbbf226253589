using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAiResponses;

public class ResponsesStreamTests
{
    private static readonly OpenAiResponsesCodec Codec = new();

    private static (List<ChatEvent> Events, List<TapVerdict> Verdicts, IChatStreamDecoder Decoder) Decode(params string[] payloads) =>
        CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(string.Concat(payloads.Select(p => $"data: {p}\n\n"))));

    private static List<JsonElement> Encode(params ChatEvent[] events)
    {
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(Codec, events));
        var payloads = new List<JsonElement>();
        foreach (var frame in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Split('\n');
            using var document = JsonDocument.Parse(lines[1]["data: ".Length..]);
            payloads.Add(document.RootElement.Clone());
            Assert.Equal("event: " + payloads[^1].GetProperty("type").GetString(), lines[0]);
            Assert.Equal(payloads.Count - 1, payloads[^1].GetProperty("sequence_number").GetInt32());
        }

        return payloads;
    }

    private static string Types(IEnumerable<JsonElement> payloads) => string.Join(' ', payloads.Select(p => p.GetProperty("type").GetString()!["response.".Length..]));

    public static TheoryData<string> Golden => ["text.sse", "tools.sse", "reasoning.sse"];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Decode_GoldenStreamCutAnywhere_SaysTheSame(string file)
    {
        var stream = GoldenFile.Bytes($"openai-responses/{file}");
        var (whole, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream);
        Assert.Equal(TapVerdict.Terminal, verdicts[^1]);
        Assert.True(decoder.Finished);
        for (var cut = 1; cut < stream.Length; cut += 3)
            Assert.Equal(whole, CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, cut).Events);
    }

    /// <summary>The last event of a stream has all that was said: the deltas must amount to it.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public void Decode_GoldenStream_AmountsToItsLastEvent(string file)
    {
        var stream = GoldenFile.Text($"openai-responses/{file}");
        var (events, _, _) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(stream));
        using var last = JsonDocument.Parse(stream[(stream.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..]);
        var whole = Codec.ReadReply(Encoding.UTF8.GetBytes(last.RootElement.GetProperty("response").GetRawText()))!;
        whole.ServiceTier = null;
        Assert.Equal(CanonicalText.Of(whole), CanonicalText.Of(EventFold.Fold(events)));
        var again = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events;
        Assert.Equal(CanonicalText.Of(whole), CanonicalText.Of(EventFold.Fold(again)));
    }

    /// <summary>Some back ends send no deltas, or nothing but the end.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public void Decode_WithoutDeltas_LosesNothing(string file)
    {
        var frames = GoldenFile.Text($"openai-responses/{file}").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var all = CanonicalText.Of(EventFold.Fold(Frames(frames)));
        Assert.Equal(all, CanonicalText.Of(EventFold.Fold(Frames(frames.Where(f => !f.Contains(".delta\n", StringComparison.Ordinal))))));
        Assert.Equal(all, CanonicalText.Of(EventFold.Fold(Frames(frames.Where(f => f.Contains("output_item.", StringComparison.Ordinal) || f.Contains("response.created", StringComparison.Ordinal) || f.Contains("response.completed\n", StringComparison.Ordinal))))));
        Assert.Equal(all, CanonicalText.Of(EventFold.Fold(Frames(frames[^1..]))));

        static List<ChatEvent> Frames(IEnumerable<string> frames) =>
            CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => f + "\n\n")))).Events;
    }

    [Fact]
    public void Decode_ItemIndexes_AreNotToolIndexes()
    {
        var (events, _, _) = Decode(
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs"}}""",
            """{"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg"}}""",
            """{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":""}}""",
            """{"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","id":"fc_2","call_id":"call_2","name":"g","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}""");
        Assert.Equal([("call_1", 0), ("call_2", 1)], events.Where(e => e.Kind == ChatEventKind.ToolCallStart).Select(e => (e.Id!, e.Index)));
        Assert.Equal(1, events[^1].Index);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"Oops"}}}""", "server_error", "Oops")]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"Slow","param":null}""", "rate_limit_exceeded", "Slow")]
    public void Decode_Failure_IsTheProvidersError(string payload, string code, string message)
    {
        var (_, verdicts, decoder) = Decode(payload);
        Assert.Equal(TapVerdict.Error, Assert.Single(verdicts));
        Assert.Equal((code, message), (decoder.Error!.Code, decoder.Error.Message));
    }

    [Fact]
    public void Decode_Preamble_CommitsNothing()
    {
        var (events, verdicts, decoder) = Decode("""{"type":"response.created","response":{"id":"resp_1","model":"m"}}""", """{"type":"response.in_progress","response":{}}""", "[DONE]");
        Assert.Equal([TapVerdict.Preamble, TapVerdict.Preamble, TapVerdict.Suppress], verdicts);
        Assert.Equal(("resp_1", "m"), (Assert.Single(events).Id, events[0].Name));
        Assert.False(decoder.Finished);
    }

    [Fact]
    public void Decode_Incomplete_IsTerminal()
    {
        var (events, verdicts, _) = Decode("""{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[],"usage":{"input_tokens":1,"output_tokens":2}}}""");
        Assert.Equal(TapVerdict.Terminal, Assert.Single(verdicts));
        Assert.Equal(FinishReason.Length, events[^1].Finish);
        Assert.Equal(new TokenUsage(1, 2), events[^2].Usage);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"delta\":\"x\"}")]
    public void Decode_NoEvent_IsMalformed(string payload) => Assert.Equal(TapVerdict.Malformed, Assert.Single(Decode(payload).Verdicts));

    [Fact]
    public void Encode_TextThenCall_HasTheWholeSequence()
    {
        var payloads = Encode(
            new(ChatEventKind.Start) { Id = "x", Name = "m" },
            new(ChatEventKind.Reasoning) { Text = "why", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "s", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.Text) { Text = "a" },
            new(ChatEventKind.Text) { Text = "b" },
            new(ChatEventKind.ToolCallStart) { Id = "c", Name = "f" },
            new(ChatEventKind.ToolCallEnd),
            new(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
            new(ChatEventKind.Usage) { Usage = new TokenUsage(1, 2) });
        Assert.Equal(
            "created in_progress output_item.added reasoning_summary_part.added reasoning_summary_text.delta reasoning_summary_text.done reasoning_summary_part.done output_item.done " +
            "output_item.added content_part.added output_text.delta output_text.delta output_text.done content_part.done output_item.done " +
            "output_item.added function_call_arguments.delta function_call_arguments.done output_item.done completed",
            Types(payloads));
        var done = payloads.Single(p => p.GetProperty("type").GetString() == "response.output_text.done");
        Assert.Equal("ab", done.GetProperty("text").GetString());
        var response = payloads[^1].GetProperty("response");
        Assert.Equal([0, 1, 2], payloads.Where(p => p.GetProperty("type").GetString() == "response.output_item.done").Select(p => p.GetProperty("output_index").GetInt32()));
        Assert.Equal(["reasoning", "message", "function_call"], response.GetProperty("output").EnumerateArray().Select(i => i.GetProperty("type").GetString()));
        Assert.Equal("{}", response.GetProperty("output")[2].GetProperty("arguments").GetString());
        Assert.Equal(3, response.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public void Encode_ItemsDone_AreTheItemsOfTheEnd()
    {
        var payloads = Encode(
            new(ChatEventKind.ToolCallStart) { Index = 0, Id = "c0", Name = "f" },
            new(ChatEventKind.ToolCallStart) { Index = 1, Id = "c1", Name = "g" },
            new(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{\"y\":2}" },
            new(ChatEventKind.Text) { Text = "meanwhile" },
            new(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"x\":1}" },
            new(ChatEventKind.Refusal) { Text = "no" });
        var done = payloads.Where(p => p.GetProperty("type").GetString() == "response.output_item.done").OrderBy(p => p.GetProperty("output_index").GetInt32()).Select(p => p.GetProperty("item").GetRawText());
        Assert.Equal(done, payloads[^1].GetProperty("response").GetProperty("output").EnumerateArray().Select(i => i.GetRawText()));
        var added = payloads.Where(p => p.GetProperty("type").GetString() == "response.output_item.added").Select(p => p.GetProperty("item"));
        Assert.Equal(["in_progress", "in_progress", "in_progress"], added.Select(i => i.GetProperty("status").GetString()));
        Assert.Equal("meanwhile", payloads[^1].GetProperty("response").GetProperty("output")[2].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Encode_NoEvents_IsStillAResponse() => Assert.Equal("created in_progress completed", Types(Encode()));

    [Theory]
    [InlineData("Length", "incomplete")]
    [InlineData("ContentFilter", "incomplete")]
    [InlineData("Error", "failed")]
    public void Encode_Finish_NamesTheLastEvent(string finish, string last)
    {
        var payloads = Encode(new(ChatEventKind.Text) { Text = "x" }, new(ChatEventKind.Finish) { Finish = Enum.Parse<FinishReason>(finish) });
        Assert.Equal("response." + last, payloads[^1].GetProperty("type").GetString());
        Assert.Equal(last, payloads[^1].GetProperty("response").GetProperty("status").GetString());
    }

    [Fact]
    public void Encode_OtherChoices_AreLeftOut() => Assert.Equal(
        "created in_progress completed",
        Types(Encode(new ChatEvent(ChatEventKind.Text) { Choice = 1, Text = "x" }, new ChatEvent(ChatEventKind.Finish) { Choice = 1, Finish = FinishReason.Length })));

    [Fact]
    public void Encode_Citation_StandsAtItsText()
    {
        var payloads = Encode(
            new(ChatEventKind.Text) { Text = "x" },
            new(ChatEventKind.Citation) { Raw = new RawJson("""{"type":"web_search_result_location","url":"https://a.example","title":"A"}"""u8.ToArray()) },
            new(ChatEventKind.Citation) { Raw = new RawJson("""{"type":"page_location"}"""u8.ToArray()) });
        var annotation = payloads.Single(p => p.GetProperty("type").GetString() == "response.output_text.annotation.added").GetProperty("annotation");
        Assert.Equal("""{"type":"url_citation","start_index":0,"end_index":1,"url":"https://a.example","title":"A"}""", annotation.GetRawText());
    }
}
