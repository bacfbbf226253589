using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

/// <summary>What other wires can say and this one says otherwise, or not.</summary>
public class ConverseRequestWriterTests
{
    private const string Llama = "us.meta.llama4-scout-17b-instruct-v1:0";

    [Fact]
    public void Turns_OfTheSameSide_BecomeOne()
    {
        var request = Request(
            (ChatRole.System, [new TextPart("A")]),
            (ChatRole.User, [new TextPart("1")]),
            (ChatRole.Developer, [new TextPart("B")]),
            (ChatRole.User, [new TextPart("2")]),
            (ChatRole.Assistant, [Call("a", "f"), Call("b", "g")]),
            (ChatRole.Tool, [Result("a", "one")]),
            (ChatRole.Tool, [Result("b", "two")]),
            (ChatRole.User, [new TextPart("3")]));
        request.Tools.Add(Tool("f"));

        var (body, dropped) = Write(request);

        Assert.Equal(["user", "assistant", "user"], body["messages"]!.AsArray().Select(turn => (string)turn!["role"]!));
        Assert.Equal(2, body["messages"]![0]!["content"]!.AsArray().Count);
        Assert.Equal(["a", "b"], body["messages"]![2]!["content"]!.AsArray().Take(2).Select(block => (string)block!["toolResult"]!["toolUseId"]!));
        Assert.Equal("""[{"text":"A"},{"text":"B"}]""", body["system"]!.ToJsonString());
        Assert.Empty(dropped.Paths);
    }

    [Fact]
    public void Turns_BeginningWithTheAssistant_GetAUserFirst()
    {
        var (body, _) = Write(Request((ChatRole.Assistant, [new TextPart("Welcome.")]), (ChatRole.User, [new TextPart("Hi")])));
        Assert.Equal(["user", "assistant", "user"], body["messages"]!.AsArray().Select(turn => (string)turn!["role"]!));
        Assert.NotEmpty((string)body["messages"]![0]!["content"]![0]!["text"]!);
    }

    [Fact]
    public void Turns_SystemOnly_GetAUser()
    {
        var (body, _) = Write(Request((ChatRole.System, [new TextPart("Say hello.")])));
        Assert.Equal("user", (string)body["messages"]![0]!["role"]!);
    }

    [Fact]
    public void Turns_BlankText_IsLeftOutWithItsTurn()
    {
        var (body, _) = Write(Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [new TextPart(" \n")]), (ChatRole.User, [new TextPart(""), new TextPart("there")])));
        Assert.Equal("""[{"role":"user","content":[{"text":"Hi"},{"text":"there"}]}]""", body["messages"]!.ToJsonString());
    }

    [Fact]
    public void System_OfAModelWithout_GoesIntoTheFirstTurn()
    {
        var (body, _) = Write(Request((ChatRole.System, [new TextPart("A")]), (ChatRole.User, [new TextPart("Hi")])), "mistral.mistral-7b-instruct-v0:2");
        Assert.Null(body["system"]);
        Assert.Equal("""[{"text":"A"},{"text":"Hi"}]""", body["messages"]![0]!["content"]!.ToJsonString());
    }

    [Fact]
    public void Image_OfTheWrongType_IsNamedByItsBytes()
    {
        var image = new ImagePart(new MediaSource { Data = "/9j/4AAQ", MediaType = "image/png" });
        var (body, _) = Write(Request((ChatRole.User, [image])));
        Assert.Equal("jpeg", (string)body["messages"]![0]!["content"]![0]!["image"]!["format"]!);
    }

    [Theory]
    [InlineData("https://example.com/a.png", null, null)]
    [InlineData(null, "file-1", null)]
    [InlineData(null, null, "AAAA")]
    public void Image_OutOfReach_IsRefused(string? url, string? file, string? data)
    {
        var image = new ImagePart(new MediaSource { Url = url, FileId = file, Data = data, MediaType = data is null ? null : "image/bmp" });
        var refused = Assert.Throws<RequestFormatException>(() => Write(Request((ChatRole.User, [image]))));
        Assert.Equal("messages[0].content[0]", refused.Param);
    }

    [Theory]
    [InlineData("s3://bucket/a.png", true)]
    [InlineData("https://example.com/a.png", false)]
    [InlineData("gs://bucket/a.png", false)]
    public void TakesMediaUrl_OnlyAmazonsOwnStorage(string url, bool taken) => Assert.Equal(taken, Codec.TakesMediaUrl(url, Target()));

    [Fact]
    public void Documents_GetNeutralNamesWhereTheirsWontDo()
    {
        var source = new MediaSource { Data = "JVBERg==", MediaType = "application/pdf" };
        var request = Request((ChatRole.User,
        [
            new DocumentPart(source) { Name = "Report" }, new DocumentPart(source) { Name = "report.pdf" }, new DocumentPart(source) { Name = "Report" },
            new DocumentPart(source), new DocumentPart(source) { Name = "two  spaces" },
        ]));

        var (body, dropped) = Write(request);

        var content = body["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(["Report", "Document 2", "Document 3", "Document 4", "Document 5"], content.Take(5).Select(block => (string)block!["document"]!["name"]!));
        Assert.NotEmpty((string)content[5]!["text"]!); // a document needs a text beside it
        Assert.Equal(["messages[0].content[1] (name)", "messages[0].content[2] (name)", "messages[0].content[4] (name)"], dropped.Paths);
    }

    [Fact]
    public void ToolCall_Arguments_AreAlwaysAnObject()
    {
        var request = Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [Call("1", "f", ""), Call("2", "f", "{bad"), Call("3", "f", "[1]"), Call("4", "f", " {\"a\":1.0}")]));
        request.Tools.Add(Tool("f"));
        var (body, _) = Write(request);
        Assert.Equal(
            ["{}", """{"invalid_arguments":"{bad"}""", """{"invalid_arguments":"[1]"}""", """{"a":1.0}"""],
            body["messages"]![1]!["content"]!.AsArray().Select(block => block!["toolUse"]!["input"]!.ToJsonString()));
    }

    [Fact]
    public void ToolIds_ThatWontDo_AreReplacedTheSameWayOnBothSides()
    {
        var longId = new string('x', 65);
        var request = Request(
            (ChatRole.User, [new TextPart("Hi")]),
            (ChatRole.Assistant, [Call("fc|1", "f"), Call(longId, "g"), Call("", "h"), Call("", "i"), Call("ok_1.2:3-4", "j")]),
            (ChatRole.Tool, [Result("fc|1", "1"), Result(longId, "2"), Result("", "4", "i"), Result("", "3", "h"), Result("ok_1.2:3-4", "5")]));
        request.Tools.Add(Tool("f"));

        var (body, _) = Write(request);

        var calls = body["messages"]![1]!["content"]!.AsArray().Select(block => (string)block!["toolUse"]!["toolUseId"]!).ToList();
        var results = body["messages"]![2]!["content"]!.AsArray().Select(block => (string)block!["toolResult"]!["toolUseId"]!).ToList();
        Assert.Equal([calls[0], calls[1], calls[3], calls[2], calls[4]], results);
        Assert.Equal(5, calls.Distinct().Count());
        Assert.All(calls, id => Assert.Matches("^[a-zA-Z0-9_.:-]{1,64}$", id));
        Assert.Equal("ok_1.2:3-4", calls[4]);
    }

    [Fact]
    public void ToolIds_ForMistral_AreNineLettersAndDigits()
    {
        var request = Request(
            (ChatRole.User, [new TextPart("Hi")]),
            (ChatRole.Assistant, [Call("call_abcdefghijk", "f"), Call("abcdefghi", "f"), Call("tooluse_own", "f")]));
        request.Tools.Add(Tool("f"));
        var (body, _) = Write(request, "mistral.mistral-large-2407-v1:0");
        var ids = body["messages"]![1]!["content"]!.AsArray().Select(block => (string)block!["toolUse"]!["toolUseId"]!).ToList();
        Assert.Matches("^[a-zA-Z0-9]{9}$", ids[0]);
        Assert.Equal(["abcdefghi", "tooluse_own"], ids[1..]);
    }

    [Fact]
    public void ToolResult_WithoutText_SaysSo()
    {
        var request = Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [Call("1", "f")]), (ChatRole.Tool, [Result("1", "")]));
        request.Tools.Add(Tool("f"));
        Assert.NotEmpty((string)Write(request).Body["messages"]![2]!["content"]![0]!["toolResult"]!["content"]![0]!["text"]!);
    }

    [Fact]
    public void ToolResult_Error_IsToldOnlyWhereItIsTaken()
    {
        var request = Request(
            (ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [Call("1", "f")]), (ChatRole.Tool, [new ToolResultPart { CallId = "1", Content = [new TextPart("no")], IsError = true }]));
        request.Tools.Add(Tool("f"));
        Assert.Equal("error", (string)Write(request).Body["messages"]![2]!["content"]![0]!["toolResult"]!["status"]!);
        var (body, dropped) = Write(request, Llama);
        Assert.Null(body["messages"]![2]!["content"]![0]!["toolResult"]!["status"]);
        Assert.Equal(["messages[2].content[0].is_error"], dropped.Paths);
    }

    [Fact]
    public void ToolResult_JsonThatIsNoObject_IsText()
    {
        var result = new ToolResultPart { CallId = "1", Content = [new TextPart("[1]")], Json = Json("[1]") };
        var request = Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [Call("1", "f")]), (ChatRole.Tool, [result]));
        request.Tools.Add(Tool("f"));
        Assert.Equal("""[{"text":"[1]"}]""", Write(request).Body["messages"]![2]!["content"]![0]!["toolResult"]!["content"]!.ToJsonString());
    }

    [Fact]
    public void CachePoints_ForModelsThatDoNotCache_AreReported()
    {
        var request = Request((ChatRole.User, [new TextPart("Hi") { Cache = new CacheMark("1h") }]));
        request.Tools.Add(new ToolDefinition { Name = "f", Cache = new CacheMark(null) });
        Assert.Empty(Write(request).Dropped.Paths);
        Assert.Equal(["messages[0].content[0].cache_control.ttl", "tools[0].cache_control"], Write(request, "amazon.nova-pro-v1:0").Dropped.Paths);
        Assert.Equal(["messages[0].content[0].cache_control", "tools[0].cache_control"], Write(request, Llama).Dropped.Paths);
    }

    [Fact]
    public void Members_WithoutPlace_AreReported()
    {
        var request = Ask();
        request.MinP = 0.1;
        request.PresencePenalty = 1;
        request.FrequencyPenalty = 1;
        request.Seed = 1;
        request.Choices = 2;
        request.Logprobs = true;
        request.TopLogprobs = 2;
        request.LogitBias = Json("""{"1":2}""");
        request.User = "u";
        request.Store = true;
        request.PromptCacheKey = "k";
        request.Verbosity = "low";
        request.Modalities.AddRange(["text", "audio"]);
        request.AudioOutput = Json("{}");
        request.ServiceTier = "scale";
        request.Extras.Add(new ExtraMember(Operation.ChatCompletions, "prediction", "prediction", Json("{}")));
        request.Messages[0].Extras.Add(new ExtraMember(Operation.ChatCompletions, "messages[0].x", "x", Json("1")));
        request.Tools.Add(new ToolDefinition { Name = "web_search", Native = new ExtraMember(Operation.Responses, "tools[0]", "web_search", Json("{}")) });

        var (body, dropped) = Write(request);

        Assert.Equal("""{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", body.ToJsonString());
        Assert.Equal(
            [
                "audio", "frequency_penalty", "logit_bias", "logprobs", "messages[0].x", "min_p", "modalities", "n", "prediction", "presence_penalty",
                "prompt_cache_key", "seed", "service_tier", "store", "tools[0]", "top_logprobs", "user", "verbosity",
            ],
            dropped.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Members_ThatSayTheDefault_AreNotReported()
    {
        var request = Ask();
        request.Choices = 1;
        request.Store = false;
        request.ServiceTier = "auto";
        request.ParallelToolCalls = true;
        request.Modalities.Add("text");
        Assert.Empty(Write(request).Dropped.Paths);
    }

    [Fact]
    public void Metadata_ThatWontDo_IsReported()
    {
        var request = Ask();
        request.Metadata = Json("""{"a":"ok","b":1,"c":"ümlaut","d":""}""");
        var (body, dropped) = Write(request);
        Assert.Equal("""{"a":"ok","d":""}""", body["requestMetadata"]!.ToJsonString());
        Assert.Equal(["metadata.b", "metadata.c"], dropped.Paths);
    }

    [Fact]
    public void Temperature_AboveOne_IsClampedAndReported()
    {
        var request = Ask();
        request.Temperature = 1.7;
        var (body, dropped) = Write(request, "qwen.qwen3-32b-v1:0");
        Assert.Equal(1, (double)body["inferenceConfig"]!["temperature"]!);
        Assert.Equal(["temperature (clamped to 1)"], dropped.Paths);
    }

    [Theory]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", "{\"temperature\":0.5,\"topP\":0.9}", "{\"top_k\":5}", "")]
    [InlineData(Claude, "{\"temperature\":0.5}", "{\"top_k\":5}", "top_p")]
    [InlineData("anthropic.claude-opus-4-7", null, null, "temperature,top_p,top_k")]
    [InlineData("amazon.nova-pro-v1:0", "{\"temperature\":0.5,\"topP\":0.9}", "{\"inferenceConfig\":{\"topK\":5}}", "")]
    [InlineData("mistral.mistral-large-2407-v1:0", "{\"temperature\":0.5,\"topP\":0.9}", "{\"top_k\":5}", "")]
    [InlineData(Llama, "{\"temperature\":0.5,\"topP\":0.9}", null, "top_k")]
    public void Sampling_IsSaidInTheFamilysWords(string model, string? inference, string? fields, string reported)
    {
        var request = Ask();
        (request.Temperature, request.TopP, request.TopK) = (0.5, 0.9, 5);
        var (body, dropped) = Write(request, model);
        Assert.Equal(inference, body["inferenceConfig"]?.ToJsonString());
        Assert.Equal(fields, body["additionalModelRequestFields"]?.ToJsonString());
        Assert.Equal(reported, string.Join(',', dropped.Paths));
    }

    [Fact]
    public void Stop_ForClaude_AsksWhichItWas()
    {
        var request = Ask();
        request.Stop.AddRange(["END", ""]);
        var (body, _) = Write(request);
        Assert.Equal("""["END"]""", body["inferenceConfig"]!["stopSequences"]!.ToJsonString());
        Assert.Equal("""["/stop_sequence"]""", body["additionalModelResponseFieldPaths"]!.ToJsonString());
        Assert.Null(Write(request, Llama).Body["additionalModelResponseFieldPaths"]);
    }

    [Fact]
    public void Text_WithALoneSurrogate_IsWritten()
    {
        var (body, _) = Gateway.Tests.Testing.CodecRig.WriteRequest(Codec, Ask("cut \ud83d"), Target());
        Assert.Contains("cut \\ud83d", body, StringComparison.Ordinal);
    }
}
