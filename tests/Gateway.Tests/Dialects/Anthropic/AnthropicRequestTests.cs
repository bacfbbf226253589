using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.Anthropic;

public class AnthropicRequestTests
{
    [Fact]
    public void Write_SystemAndDeveloperTurns_AreHoistedInOrder()
    {
        var (body, _) = Write(Ask(
            Instruct("one"), User("a"), new ChatMessage { Role = ChatRole.Developer, Parts = [new TextPart("two")] }, User("b")));
        AssertSame(JsonNode.Parse("""[{"type":"text","text":"one"},{"type":"text","text":"two"}]"""), body["system"]);
        AssertSame(JsonNode.Parse("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"""), body["messages"]);
    }

    [Fact]
    public void Write_ParallelResults_BecomeOneUserTurnWithResultsFirst()
    {
        var request = Ask(User("go"), Assistant(Call("a"), Call("b")), Results(Result("a")), Results(Result("b")), User("and?"));
        request.Tools.Add(Tool());
        var (body, dropped) = Write(request);
        var turns = body["messages"]!.AsArray();
        Assert.Equal(3, turns.Count);
        Assert.Equal(["tool_result", "tool_result", "text"], turns[2]!["content"]!.AsArray().Select(b => (string)b!["type"]!));
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_TextBeforeResults_ResultsComeFirst()
    {
        var (body, _) = Write(Ask(User("go"), Assistant(Call("a")), User("late"), Results(Result("a"))));
        Assert.Equal(["tool_result", "text"], body["messages"]![2]!["content"]!.AsArray().Select(b => (string)b!["type"]!));
    }

    [Fact]
    public void Write_EmptyTexts_AreLeftOut()
    {
        var (body, dropped) = Write(Ask(User(new TextPart(""), new TextPart("x")), Assistant(new TextPart(" \n")), User("y")));
        AssertSame(JsonNode.Parse("""[{"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}]"""), body["messages"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_NoMaxTokens_TakesTheModels()
    {
        Assert.Equal(64_000, (long)Write(Ask()).Body["max_tokens"]!);
        Assert.Equal(4096, (long)Write(Ask(), Target(max: null)).Body["max_tokens"]!);
    }

    [Fact]
    public void Write_MaxTokensOfTheClient_AreNeverChanged()
    {
        var request = Ask();
        request.MaxOutputTokens = 100_000;
        var (body, dropped) = Write(request, Target(max: 8192));
        Assert.Equal(100_000, (long)body["max_tokens"]!);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_Temperature_IsClampedNotScaled()
    {
        var request = Ask();
        request.Temperature = 1.7;
        var (body, dropped) = Write(request);
        Assert.Equal(1, (double)body["temperature"]!);
        Assert.Equal(["temperature (clamped to 1)"], dropped);
    }

    [Fact]
    public void Write_TemperatureAndTopP_KeepsOneWhereTheModelTakesOne()
    {
        var request = Ask();
        (request.Temperature, request.TopP) = (0.5, 0.9);
        var (body, dropped) = Write(request);
        Assert.Null(body["top_p"]);
        Assert.Equal(["top_p"], dropped);
        Assert.Equal(0.9, (double)Write(request, Target("claude-3-5-haiku-latest")).Body["top_p"]!);
    }

    [Theory]
    [InlineData("claude-opus-4-7")]
    [InlineData("claude-opus-5")]
    [InlineData("us.anthropic.claude-fable-5-v1:0")]
    public void Write_SamplingForNewModels_IsLeftOut(string model)
    {
        var request = Ask();
        (request.Temperature, request.TopP, request.TopK) = (0.5, 0.9, 10);
        var (body, dropped) = Write(request, Target(model));
        Assert.Null(body["temperature"] ?? body["top_p"] ?? body["top_k"]);
        Assert.Equal(["temperature", "top_p", "top_k"], dropped);
        (request.Temperature, request.TopP, request.TopK) = (1, 1, null);
        Assert.Empty(Write(request, Target(model)).Dropped);
    }

    [Fact]
    public void Write_WhiteSpaceStops_AreLeftOut()
    {
        var request = Ask();
        request.Stop.AddRange(["\n\n", "END"]);
        var (body, dropped) = Write(request);
        AssertSame(JsonNode.Parse("""["END"]"""), body["stop_sequences"]);
        Assert.Equal(["stop (only white space)"], dropped);
    }

    [Fact]
    public void Write_WhatTheWireCantSay_IsNamed()
    {
        var request = Ask();
        (request.Seed, request.Choices, request.PresencePenalty, request.FrequencyPenalty, request.MinP) = (1, 2, 0.5, -0.5, 0.1);
        (request.Logprobs, request.TopLogprobs, request.Store, request.PromptCacheKey, request.Verbosity) = (true, 3, true, "k", "low");
        request.LogitBias = Raw("""{"1":2}""");
        request.Metadata = Raw("""{"a":"b"}""");
        request.Modalities.AddRange(["text", "audio"]);
        request.AudioOutput = Raw("""{"voice":"x"}""");
        request.ServiceTier = "flex";
        request.Extras.Add(new ExtraMember(Operation.ChatCompletions, "prediction", "prediction", Raw("1")));
        var (_, dropped) = Write(request);
        Assert.Equal(
            ["service_tier", "prediction", "n", "seed", "min_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "metadata", "store", "prompt_cache_key", "verbosity", "modalities", "audio"],
            dropped);
    }

    [Fact]
    public void Write_Defaults_AreNoLoss()
    {
        var request = Ask();
        (request.Choices, request.PresencePenalty, request.FrequencyPenalty, request.Logprobs, request.Store, request.Verbosity) = (1, 0, 0, false, false, "medium");
        request.Modalities.Add("text");
        request.LogitBias = Raw("{}");
        Assert.Empty(Write(request).Dropped);
    }

    [Fact]
    public void Write_ServiceTierDefault_IsStandardOnly()
    {
        var request = Ask();
        request.ServiceTier = "default";
        Assert.Equal("standard_only", (string?)Write(request).Body["service_tier"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    public void Write_Arguments_AreAlwaysAnObject(string arguments)
    {
        var (body, dropped) = Write(Ask(User("go"), Assistant(Call("a", arguments)), Results(Result("a"))));
        var input = body["messages"]![1]!["content"]![0]!["input"]!.AsObject();
        if (arguments.Length == 0)
        {
            Assert.Empty(input);
            Assert.Empty(dropped);
        }
        else
        {
            Assert.Equal(arguments, (string?)input["arguments"]);
            Assert.Single(dropped);
        }
    }

    [Fact]
    public void Write_ForeignToolIds_AreMappedAlikeForCallAndResult()
    {
        var request = Ask(User("go"), Assistant(Call("call:1/x"), Call("ok-1")), Results(Result("call:1/x"), Result("ok-1")));
        var (body, _) = Write(request);
        var id = (string)body["messages"]![1]!["content"]![0]!["id"]!;
        Assert.Matches("^[a-zA-Z0-9_-]+$", id);
        Assert.Equal(id, (string?)body["messages"]![2]!["content"]![0]!["tool_use_id"]);
        Assert.Equal("ok-1", (string?)body["messages"]![1]!["content"]![1]!["id"]);
        AssertSame(body, Write(request).Body);
    }

    [Fact]
    public void Write_CallsWithoutIds_AreMatchedByNameAndOrder()
    {
        var (body, _) = Write(Ask(
            User("go"),
            Assistant(Call("", name: "a"), Call("", name: "b"), Call("", name: "a")),
            Results(Result("", "r0", "a"), Result("", "r1", "b"), Result("", "r2", "a"))));
        var ids = body["messages"]![1]!["content"]!.AsArray().Select(b => (string)b!["id"]!).ToArray();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids, body["messages"]![2]!["content"]!.AsArray().Select(b => (string)b!["tool_use_id"]!));
    }

    [Fact]
    public void Write_IdsUsedAgain_AreTakenApart()
    {
        var (body, _) = Write(Ask(
            User("go"), Assistant(Call("call_0")), Results(Result("call_0")), Assistant(Call("call_0")), Results(Result("call_0"))));
        string Id(int turn, string name) => (string)body["messages"]![turn]!["content"]![0]![name]!;
        Assert.NotEqual(Id(1, "id"), Id(3, "id"));
        Assert.Equal(Id(1, "id"), Id(2, "tool_use_id"));
        Assert.Equal(Id(3, "id"), Id(4, "tool_use_id"));
    }

    [Fact]
    public void Write_FirstTurnOfTheAssistant_GetsAUserTurnBefore()
    {
        var (body, dropped) = Write(Ask(Assistant(new TextPart("Welcome.")), User("Hi")));
        Assert.Equal(["user", "assistant", "user"], body["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        Assert.Single(dropped);
    }

    [Fact]
    public void Write_OnlySystem_IsSentAsTheUsers()
    {
        var (body, dropped) = Write(Ask(Instruct("Say hi.")));
        Assert.Null(body["system"]);
        Assert.Equal("Say hi.", (string?)body["messages"]![0]!["content"]);
        Assert.Equal(["messages[0] (sent as the user's)"], dropped);
    }

    [Fact]
    public void Write_NothingToSay_IsRefused() =>
        Assert.Equal("messages", Assert.Throws<RequestFormatException>(() => Write(Ask(User("")))).Param);

    [Fact]
    public void Write_Prefill_IsTrimmedWhereTheModelGoesOn()
    {
        var (body, dropped) = Write(Ask(User("Hi"), Assistant(new TextPart("{ \n"))));
        Assert.Equal("{", (string?)body["messages"]![1]!["content"]);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("claude-opus-4-6")]
    [InlineData("claude-sonnet-5")]
    public void Write_PrefillForModelsThatRefuseIt_GetsAUserTurnAfter(string model)
    {
        var (body, dropped) = Write(Ask(User("Hi"), Assistant(new TextPart("Well "))), Target(model));
        Assert.Equal(["user", "assistant", "user"], body["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        Assert.Equal(["messages[1] (prefill; a user turn was put after)"], dropped);
    }

    [Fact]
    public void Write_PausedTurnLast_IsSentBackAsItIs()
    {
        var (body, dropped) = Write(
            Ask(User("Hi"), Assistant(new TextPart("So "), new OpaquePart(new ExtraMember(Operation.Messages, "x", "server_tool_use", Raw("""{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"""))))),
            Target("claude-opus-4-6"));
        Assert.Equal(2, body["messages"]!.AsArray().Count);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_ForeignOpaqueParts_AreNamed()
    {
        var part = new OpaquePart(new ExtraMember(Operation.GenerateContent, "contents[0].parts[0].executableCode", "executableCode", Raw("{}")));
        var native = new ToolDefinition { Name = "g", Native = new ExtraMember(Operation.GenerateContent, "tools[0].googleSearch", "googleSearch", Raw("{}")) };
        var request = Ask(User(part, new TextPart("x")));
        request.Tools.Add(native);
        var (body, dropped) = Write(request);
        Assert.Null(body["tools"]);
        Assert.Equal(["contents[0].parts[0].executableCode", "tools[0].googleSearch"], dropped);
    }

    [Fact]
    public void Write_AudioInput_IsRefused() =>
        Assert.Equal("messages[0].content[0]", Assert.Throws<RequestFormatException>(() => Write(Ask(User(new AudioPart(new MediaSource { Data = "AA" }) { Format = "wav" })))).Param);

    [Fact]
    public void Write_SpokenAnswerInHistory_IsSentAsItsTranscript()
    {
        var (body, dropped) = Write(Ask(User("Hi"), Assistant(new AudioPart(new MediaSource()) { Id = "audio_1", Transcript = "Hello." }), User("And?")));
        Assert.Equal("Hello.", (string?)body["messages"]![1]!["content"]);
        Assert.Single(dropped);
    }

    [Fact]
    public void Write_WrongImageType_IsPutRight()
    {
        var (body, _) = Write(Ask(User(new ImagePart(new MediaSource { Data = "iVBORw0KGgoAAAA", MediaType = "image/jpeg" }))));
        Assert.Equal("image/png", (string?)body["messages"]![0]!["content"]![0]!["source"]!["media_type"]);
    }

    [Fact]
    public void Write_WebpData_IsKnownByItsBytes()
    {
        var data = Convert.ToBase64String("RIFF\x10\0\0\0WEBPVP8 "u8);
        var (body, _) = Write(Ask(User(new ImagePart(new MediaSource { Data = data }))));
        Assert.Equal("image/webp", (string?)body["messages"]![0]!["content"]![0]!["source"]!["media_type"]);
    }

    [Theory]
    [InlineData("image/tiff", "AAAA")]
    [InlineData(null, "AAAA")]
    public void Write_ImageOfAnotherKind_IsRefused(string? type, string data) =>
        Assert.Throws<RequestFormatException>(() => Write(Ask(User(new ImagePart(new MediaSource { Data = data, MediaType = type })))));

    [Fact]
    public void Write_TextFile_IsATextDocument()
    {
        var (body, _) = Write(Ask(User(new DocumentPart(new MediaSource { Data = Convert.ToBase64String("a,b"u8), MediaType = "text/csv" }) { Name = "t.csv" })));
        AssertSame(
            JsonNode.Parse("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"},"title":"t.csv"}"""),
            body["messages"]![0]!["content"]![0]);
    }

    [Fact]
    public void Write_OtherFile_IsRefused() =>
        Assert.Throws<RequestFormatException>(() => Write(Ask(User(new DocumentPart(new MediaSource { Data = "UEsDBA==", MediaType = "application/zip" })))));

    [Fact]
    public void Write_UnfetchedAddress_IsRefused() =>
        Assert.Throws<RequestFormatException>(() => Write(Ask(User(new ImagePart(new MediaSource { Url = "gs://b/i.png" })))));

    [Theory]
    [InlineData("https://example.com/i.png", "anthropic", true)]
    [InlineData("http://example.com/i.png", "anthropic", false)]
    [InlineData("gs://b/i.png", "anthropic", false)]
    [InlineData("https://example.com/i.png", "bedrock", false)]
    [InlineData("https://example.com/i.png", "vertex", false)]
    public void TakesMediaUrl_Address_DependsOnWhoFetches(string url, string kind, bool expected) =>
        Assert.Equal(expected, Codec.TakesMediaUrl(url, Target(kind: kind)));

    [Fact]
    public void Write_ToolWithoutParameters_HasAnEmptySchema()
    {
        var request = Ask();
        request.Tools.Add(Tool(schema: null));
        request.Tools.Add(Tool("g", """{"properties":{"a":{"type":"string"}}}"""));
        var tools = Write(request).Body["tools"]!;
        AssertSame(JsonNode.Parse("""{"type":"object","properties":{}}"""), tools[0]!["input_schema"]);
        Assert.Equal("object", (string?)tools[1]!["input_schema"]!["type"]);
    }

    [Fact]
    public void Write_ParallelSwitchedOffWithoutChoice_SaysAuto()
    {
        var request = Ask();
        request.Tools.Add(Tool());
        request.ParallelToolCalls = false;
        AssertSame(JsonNode.Parse("""{"type":"auto","disable_parallel_tool_use":true}"""), Write(request).Body["tool_choice"]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.None);
        AssertSame(JsonNode.Parse("""{"type":"none"}"""), Write(request).Body["tool_choice"]);
    }

    [Fact]
    public void Write_ChoiceLimitedToTools_SendsOnlyThose()
    {
        var request = Ask();
        request.Tools.AddRange([Tool("a"), Tool("b"), Tool("c")]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Required, ["a", "c"]);
        var body = Write(request).Body;
        Assert.Equal(["a", "c"], body["tools"]!.AsArray().Select(t => (string)t!["name"]!));
        Assert.Equal("any", (string?)body["tool_choice"]!["type"]);
    }

    [Fact]
    public void Write_ChoiceWithoutTools_IsLeftOut()
    {
        var request = Ask();
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Auto);
        var (body, dropped) = Write(request);
        Assert.Null(body["tool_choice"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_TooManyCacheMarks_KeepsTheFirstAndTheLastThree()
    {
        var parts = Enumerable.Range(0, 6).Select(i => (ContentPart)new TextPart($"t{i}") { Cache = new CacheMark(null) }).ToArray();
        var (body, dropped) = Write(Ask(User(parts)));
        Assert.Equal(
            [true, false, false, true, true, true],
            body["messages"]![0]!["content"]!.AsArray().Select(b => b!["cache_control"] is not null));
        Assert.Equal(["cache_control (more than 4)"], dropped);
    }

    [Fact]
    public void Write_LongerMarkAfterShorter_IsShortened()
    {
        var (body, dropped) = Write(Ask(User(
            new TextPart("a") { Cache = new CacheMark("1h") }, new TextPart("b") { Cache = new CacheMark(null) }, new TextPart("c") { Cache = new CacheMark("1h") })));
        Assert.Equal(["1h", null, null], body["messages"]![0]!["content"]!.AsArray().Select(b => (string?)b!["cache_control"]!["ttl"]));
        Assert.Equal(["cache_control.ttl"], dropped);
    }

    [Fact]
    public void Write_LoneSurrogates_Survive()
    {
        var body = CodecRig.WriteRequest(Codec, Ask(User("a\ud83d")), Target()).Body;
        Assert.Equal("a\ud83d", ((TextPart)CodecRig.ReadRequest(Codec, body).Messages[0].Parts[0]).Text);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"messages":"no"}""", "messages")]
    [InlineData("""{"messages":[1]}""", "messages[0]")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image"}]}]}""", "messages[0].content[0].source")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}""", "messages[0].content[0].tool_use_id")]
    [InlineData("""{"messages":[],"max_tokens":"many"}""", "max_tokens")]
    [InlineData("""{"messages":[],"tools":{}}""", "tools")]
    [InlineData("""{"messages":[],"tools":[{"name":"f"}]}""", "tools[0].input_schema")]
    [InlineData("""{"messages":[],"tool_choice":{"type":"maybe"}}""", "tool_choice.type")]
    [InlineData("""{"messages":[],"thinking":{}}""", "thinking.type")]
    [InlineData("""{"messages":[],"stop_sequences":[1]}""", "stop_sequences")]
    public void Read_WrongRequest_IsRefusedWithItsPlace(string body, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => CodecRig.ReadRequest(Codec, body)).Param);

    [Fact]
    public void Read_ResultsAmidAUserTurn_AreTurnsOfTheirOwn()
    {
        var request = CodecRig.ReadRequest(Codec, """
            {"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b","content":"x"},{"type":"text","text":"t"}]}]}
            """);
        Assert.Equal([ChatRole.Tool, ChatRole.User], request.Messages.Select(m => m.Role));
        Assert.Equal(2, request.Messages[0].Parts.Count);
    }

    [Fact]
    public void Read_UnknownMembers_AreKeptWithTheirPlace()
    {
        var request = CodecRig.ReadRequest(Codec, """
            {"container":"c","metadata":{"user_id":"u","tenant":1},"messages":[{"role":"user","content":[{"type":"text","text":"t","new":true}],"id":"m"}],
             "tools":[{"name":"f","input_schema":{"type":"object"},"defer_loading":true}]}
            """);
        Assert.Equal(["metadata.tenant", "container"], request.Extras.Select(e => e.Path));
        Assert.Equal("messages[0].id", request.Messages[0].Extras.Single().Path);
        Assert.Equal("messages[0].content[0].new", request.Messages[0].Parts[0].Extras!.Single().Path);
        Assert.Equal("tools[0].defer_loading", request.Tools[0].Extras!.Single().Path);
    }
}
