using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.Gemini.GeminiRig;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiRequestTests
{
    [Fact]
    public void Write_ResultsOutOfOrder_AreOneContentInTheOrderOfTheCalls()
    {
        var request = Ask(null,
            Says(ChatRole.User, new TextPart("Hi")),
            Says(ChatRole.Assistant, Call("a", "f"), Call("b", "g")),
            Says(ChatRole.Tool, Result("b", new TextPart("two"))),
            Says(ChatRole.Tool, Result("a", new TextPart("one"))),
            Says(ChatRole.User, new TextPart("Go on.")));
        var contents = Write(request).Body["contents"]!.AsArray();
        Assert.Equal(["user", "model", "user", "user"], contents.Select(c => (string?)c!["role"]));
        Assert.Equal(
            """[{"functionResponse":{"id":"a","name":"f","response":{"result":"one"}}},{"functionResponse":{"id":"b","name":"g","response":{"result":"two"}}}]""",
            contents[2]!["parts"]!.ToJsonString());
    }

    [Fact]
    public void Write_NeighbouringTurnsOfTheModel_AreOne()
    {
        var request = Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, new TextPart("I look.")), Says(ChatRole.Assistant, Call("a")), Says(ChatRole.Assistant, Call("b")));
        var contents = Write(request, "gemini-2.5-flash").Body["contents"]!.AsArray();
        Assert.Equal(2, contents.Count);
        Assert.Equal(3, contents[1]!["parts"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("plain", false, """{"result":"plain"}""")]
    [InlineData("{\"t\":1.50}", false, """{"t":1.50}""")]
    [InlineData("[1,2]", false, """{"result":[1,2]}""")]
    [InlineData("42", false, """{"result":"42"}""")]
    [InlineData("{broken", false, """{"result":"{broken"}""")]
    [InlineData("", false, """{"result":""}""")]
    [InlineData("no", true, """{"error":"no"}""")]
    [InlineData("{\"t\":1}", true, """{"error":{"t":1}}""")]
    [InlineData("{\"error\":\"no\"}", true, """{"error":"no"}""")]
    public void Write_Result_IsAlwaysAnObject(string text, bool isError, string expected)
    {
        var result = new ToolResultPart { CallId = "a", Content = [new TextPart(text)], IsError = isError };
        var request = Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Call("a")), Says(ChatRole.Tool, result));
        Assert.Equal(expected, CodecRig.WriteRequest(Codec, request, Target()).Body.Split("\"response\":")[1].Split("}}]}]")[0].TrimEnd());
    }

    [Fact]
    public void Write_ResultOfNoCall_IsRefused() =>
        Assert.Throws<RequestFormatException>(() => Write(Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Tool, Result("nobody", new TextPart("x"))))));

    [Theory]
    [InlineData(Newest, true)]
    [InlineData("gemini-2.5-pro", false)]
    public void Write_ImageOfAResult_StandsWhereTheModelTakesIt(string model, bool within)
    {
        var image = new ImagePart(new MediaSource { Data = "iVBORw0KGgo=", MediaType = "image/png" });
        var request = Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Call("a")), Says(ChatRole.Tool, Result("a", new TextPart("see"), image)));
        var parts = Write(request, model).Body["contents"]![2]!["parts"]!.AsArray();
        Assert.Equal(within ? 1 : 2, parts.Count);
        var media = within ? parts[0]!["functionResponse"]!["parts"]![0]! : parts[1]!;
        Assert.Equal("iVBORw0KGgo=", (string?)media["inlineData"]!["data"]);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("{\"a\":1.0}", "{\"a\":1.0}")]
    [InlineData("{broken", "{\"arguments\":\"{broken\"}")]
    [InlineData("[1]", "{\"arguments\":[1]}")]
    public void Write_Arguments_AreAnObject(string arguments, string expected)
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Call("a", "f", arguments))), Target());
        Assert.Contains($"\"args\":{expected}", body, StringComparison.Ordinal);
        Assert.Equal(expected.Contains("arguments", StringComparison.Ordinal) ? 1 : 0, dropped.Paths.Count);
    }

    [Fact]
    public void Write_SystemTurns_AreHoistedAsPartsOfTheirOwn()
    {
        var (body, dropped) = Write(Ask(null,
            Says(ChatRole.System, new TextPart("One.")), Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Developer, new TextPart("Two."))));
        Assert.Equal("""{"parts":[{"text":"One."},{"text":"Two."}]}""", Json(body["systemInstruction"]));
        Assert.Single(body["contents"]!.AsArray());
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_SystemForGemma_StandsBeforeTheUsersWords()
    {
        var body = Write(Ask(null, Says(ChatRole.System, new TextPart("One.")), Says(ChatRole.User, new TextPart("Hi"))), "gemma-3-27b-it").Body;
        Assert.Null(body["systemInstruction"]);
        Assert.Equal("""[{"role":"user","parts":[{"text":"One."},{"text":"Hi"}]}]""", Json(body["contents"]));
    }

    [Fact]
    public void Write_ConversationOpenedByTheModel_BeginsWithTheUser()
    {
        Assert.Equal(["user", "model"], Write(Ask(null, Says(ChatRole.Assistant, new TextPart("Hi")))).Body["contents"]!.AsArray().Select(c => (string?)c!["role"]));
        Assert.Equal(["user"], Write(Ask(null, Says(ChatRole.System, new TextPart("Hi")))).Body["contents"]!.AsArray().Select(c => (string?)c!["role"]));
    }

    [Fact]
    public void Write_WhatTheWireCannotSay_IsNamed()
    {
        var (body, dropped) = Write(Ask(r =>
        {
            (r.Temperature, r.MinP, r.User, r.Store, r.Verbosity, r.PromptCacheKey, r.ParallelToolCalls) = (3, 0.1, "u", true, "low", "k", false);
            (r.Choices, r.TopLogprobs, r.Seed, r.Logprobs) = (20, 25, 1L << 40, true);
            (r.LogitBias, r.Metadata, r.ServiceTier) = (Raw("{}"), Raw("""{"a":"b"}"""), "scale");
            r.Stop.AddRange(["1", "2", "3", "4", "5", "6"]);
            r.Extras.Add(new ExtraMember(Operation.ChatCompletions, "prediction", "prediction", Raw("{}")));
            r.Tools.Add(new ToolDefinition { Name = "web_search", Native = new ExtraMember(Operation.Messages, "tools[0]", "web_search", Raw("{}")) });
        }));
        Assert.Equal(
            ["cache_control", "frequency_penalty", "logit_bias", "metadata", "min_p", "n (clamped to 8)", "parallel_tool_calls", "prediction", "prompt_cache_key", "seed (folded to 31 bits)", "service_tier", "stop (only the first 5)", "store", "temperature (clamped to 2)", "tools[0]", "top_logprobs (clamped to 20)", "user", "verbosity"],
            dropped.Concat(["cache_control", "frequency_penalty"]).Order(StringComparer.Ordinal));
        Assert.Equal(2, (double)body["generationConfig"]!["temperature"]!);
        Assert.Equal(5, body["generationConfig"]!["stopSequences"]!.AsArray().Count);
        Assert.Null(body["tools"]);
    }

    [Theory]
    [InlineData("gemini", "priority", "priority", null)]
    [InlineData("gemini", "default", "standard", null)]
    [InlineData("gemini", "auto", null, null)]
    [InlineData("vertex", "flex", null, "service_tier")]
    [InlineData("vertex", "auto", null, null)]
    public void Write_ServiceTier_IsTheProviders(string kind, string tier, string? expected, string? lost)
    {
        var (body, dropped) = Write(Ask(r => r.ServiceTier = tier), kind: kind);
        Assert.Equal((expected, lost), ((string?)body["serviceTier"], dropped.SingleOrDefault()));
    }

    [Fact]
    public void Write_Metadata_IsLabelsOnVertexOnly()
    {
        Assert.Equal("""{"a":"b"}""", Json(Write(Ask(r => r.Metadata = Raw("""{"a":"b"}""")), kind: "vertex").Body["labels"]));
        Assert.Null(Write(Ask(r => r.Metadata = Raw("""{"a":"b"}"""))).Body["labels"]);
    }

    [Fact]
    public void Write_AddressOfAStore_IsForVertexOnly()
    {
        var request = Ask(null, Says(ChatRole.User, new ImagePart(new MediaSource { Url = "gs://b/a.png" })));
        Assert.Equal("""{"mimeType":"image/png","fileUri":"gs://b/a.png"}""", Json(Write(request, kind: "vertex").Body["contents"]![0]!["parts"]![0]!["fileData"]));
        Assert.Throws<RequestFormatException>(() => Write(request));
        Assert.True(Codec.TakesMediaUrl("gs://b/a.png", Target(kind: "vertex")));
        Assert.False(Codec.TakesMediaUrl("gs://b/a.png", Target()));
        Assert.False(Codec.TakesMediaUrl("https://example.com/a.png", Target()));
        Assert.True(Codec.TakesMediaUrl("https://www.youtube.com/watch?v=1", Target()));
    }

    [Fact]
    public void Write_MediaWithoutAType_IsToldByItsFirstBytes()
    {
        var parts = Write(Ask(null, Says(ChatRole.User,
            new ImagePart(new MediaSource { Data = "/9j/4AAQ" }),
            new DocumentPart(new MediaSource { Data = "JVBERi0xLjc=" }),
            new AudioPart(new MediaSource { Data = "AAAA" }) { Format = "mp3" },
            new DocumentPart(new MediaSource { MediaType = "text/plain" }) { Text = "hé" }))).Body["contents"]![0]!["parts"]!.AsArray();
        Assert.Equal(["image/jpeg", "application/pdf", "audio/mp3", "text/plain"], parts.Select(p => (string?)p!["inlineData"]!["mimeType"]));
        Assert.Equal("aMOp", (string?)parts[3]!["inlineData"]!["data"]);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", true)]
    [InlineData(Newest, false)]
    public void Write_FormatBesideTools_GoesToNewModelsOnly(string model, bool isDropped)
    {
        var (body, dropped) = Write(Ask(r =>
        {
            r.Format = new ResponseFormat { Schema = Raw("""{"type":"object","properties":{"a":{"type":"string"}}}""") };
            r.Tools.Add(new ToolDefinition { Name = "f" });
        }), model);
        Assert.Equal(isDropped, dropped.Contains("response_format"));
        Assert.Equal(isDropped, body["generationConfig"]?["responseSchema"] is null);
    }

    [Theory]
    [InlineData(nameof(ToolChoiceMode.Auto), "", "AUTO")]
    [InlineData(nameof(ToolChoiceMode.None), "", "NONE")]
    [InlineData(nameof(ToolChoiceMode.Required), "", "ANY")]
    [InlineData(nameof(ToolChoiceMode.Required), "f,g", "ANY")]
    [InlineData(nameof(ToolChoiceMode.Named), "f", "ANY")]
    [InlineData(nameof(ToolChoiceMode.Auto), "f", "VALIDATED")]
    public void Write_ToolChoice_IsAMode(string mode, string names, string expected)
    {
        var allowed = names.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var calling = Write(Ask(r =>
        {
            r.Tools.Add(new ToolDefinition { Name = "f" });
            r.ToolChoice = new ToolChoice(Enum.Parse<ToolChoiceMode>(mode), allowed);
        })).Body["toolConfig"]!["functionCallingConfig"]!;
        Assert.Equal(expected, (string?)calling["mode"]);
        Assert.Equal(allowed, calling["allowedFunctionNames"]?.AsArray().Select(n => (string)n!) ?? []);
    }

    [Fact]
    public void Write_StrictTools_AreValidated()
    {
        var tool = new ToolDefinition { Name = "f", Strict = true };
        Assert.Equal("VALIDATED", (string?)Write(Ask(r => r.Tools.Add(tool))).Body["toolConfig"]!["functionCallingConfig"]!["mode"]);
        Assert.Null(Write(Ask(r => r.Tools.Add(new ToolDefinition { Name = "f" }))).Body["toolConfig"]);
    }

    [Fact]
    public void Write_FunctionWithoutParameters_HasNone() =>
        Assert.Equal("""[{"functionDeclarations":[{"name":"f"}]}]""", Json(Write(Ask(r => r.Tools.Add(new ToolDefinition { Name = "f", Parameters = Raw("""{"type":"object","properties":{}}""") }))).Body["tools"]));

    [Fact]
    public void Write_LostSchemaMembers_AreNamed() =>
        Assert.Equal(["tools[0].function.parameters.properties.a.not"], Write(Ask(r => r.Tools.Add(new ToolDefinition { Name = "f", Parameters = Raw("""{"type":"object","properties":{"a":{"type":"string","not":{}}}}""") }))).Dropped);

    [Fact]
    public void Write_Speech_IsAVoice()
    {
        var (body, dropped) = Write(Ask(r =>
        {
            r.Modalities.Add("audio");
            r.AudioOutput = Raw("""{"voice":"Kore","format":"wav"}""");
        }));
        Assert.Equal("""{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}""", Json(body["generationConfig"]));
        Assert.Equal(["audio.format"], dropped);
        Assert.Equal(["audio.voice"], Write(Ask(r => r.AudioOutput = Raw("""{"voice":"alloy"}"""))).Dropped);
    }

    [Fact]
    public void Read_NamesWithUnderscores_AreTheSame()
    {
        const string camel = """
            {"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
            {"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{"x_y":1}},"thoughtSignature":"c2ln"}]},{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"a_b":1}}}]}],
            "generationConfig":{"maxOutputTokens":9,"topP":0.5,"topK":3,"candidateCount":2,"stopSequences":["a"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
            "thinkingConfig":{"thinkingBudget":5,"includeThoughts":true}},
            "tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}}}
            """;
        var snake = System.Text.RegularExpressions.Regex.Replace(camel, "\"([a-z]+[A-Z][A-Za-z]*)\":", m => "\"" + System.Text.RegularExpressions.Regex.Replace(m.Groups[1].Value, "[A-Z]", c => "_" + c.Value.ToLowerInvariant()) + "\":");
        Assert.NotEqual(camel, snake);
        Assert.Equal(Canonical.Of(CodecRig.ReadRequest(Codec, camel)), Canonical.Of(CodecRig.ReadRequest(Codec, snake)));
    }

    [Fact]
    public void Read_OtherBase64Alphabet_IsMadeStandard()
    {
        var request = CodecRig.ReadRequest(Codec, """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"_-8"}}]}]}""");
        Assert.Equal("/+8=", Assert.IsType<ImagePart>(request.Messages[0].Parts[0]).Source.Data);
    }

    [Fact]
    public void Read_CallsWithoutIds_AreAnsweredByNameAndOrder()
    {
        const string body = """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]},
            {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}},{"functionCall":{"name":"g"}},{"functionCall":{"name":"f","args":{"a":2}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"g","response":{"result":"g1"}}},{"functionResponse":{"name":"f","response":{"result":"f1"}}},{"functionResponse":{"name":"f","response":{"result":"f2"}}},{"text":"Go on."}]}]}
            """;
        var request = CodecRig.ReadRequest(Codec, body);
        var calls = request.Messages[1].Parts.OfType<ToolCallPart>().Select(c => c.Id).ToList();
        Assert.Equal(3, calls.Distinct().Count());
        Assert.All(calls, id => Assert.Matches("^call_[0-9a-f]{16}$", id));
        Assert.Equal([calls[1], calls[0], calls[2]], request.Messages[2].Parts.OfType<ToolResultPart>().Select(r => r.CallId));
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], request.Messages.Select(m => m.Role));
        Assert.Equal(calls, CodecRig.ReadRequest(Codec, body).Messages[1].Parts.OfType<ToolCallPart>().Select(c => c.Id));
    }

    [Fact]
    public void Read_UnknownMembers_AreKeptAndNamedToOthers()
    {
        var request = CodecRig.ReadRequest(Codec, """
            {"contents":[{"role":"user","parts":[{"text":"Hi","partMetadata":{"a":1}},{"executableCode":{"code":"1","language":"PYTHON"}}]}],"safetySettings":[],"generationConfig":{"imageConfig":{"aspectRatio":"1:1"},"thinkingConfig":{"future":1}},
            "toolConfig":{"functionCallingConfig":{"mode":"VALIDATED"}},"tools":[{"codeExecution":{}},{"functionDeclarations":[{"name":"f","response":{"type":"STRING"}}]}]}
            """);
        var extras = request.Extras.Concat(request.Messages[0].Parts[0].Extras!).Concat(request.Tools[1].Extras!).Select(e => e.Path).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["contents[0].parts[0].partMetadata", "generationConfig.imageConfig", "generationConfig.thinkingConfig.future", "safetySettings", "toolConfig.functionCallingConfig.mode", "tools[1].functionDeclarations[0].response"],
            extras);
        var (body, dropped) = Write(request);
        Assert.Empty(dropped);
        Assert.Equal("""{"text":"Hi","partMetadata":{"a":1}}""", Json(body["contents"]![0]!["parts"]![0]));
        Assert.Equal("""{"functionCallingConfig":{"mode":"VALIDATED"}}""", Json(body["toolConfig"]));
        Assert.Equal("""{"thinkingConfig":{"future":1},"imageConfig":{"aspectRatio":"1:1"}}""", Json(body["generationConfig"]));
        Assert.Equal("""[{"functionDeclarations":[{"name":"f","response":{"type":"STRING"}}]},{"codeExecution":{}}]""", Json(body["tools"]));
    }

    [Theory]
    [InlineData("""{"contents":"Hi"}""")]
    [InlineData("""{"contents":["Hi"]}""")]
    [InlineData("""{"contents":[{"role":"narrator","parts":[]}]}""")]
    [InlineData("""{"contents":[{"parts":[1]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{}}]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{}}]}]}""")]
    [InlineData("""{"contents":[],"generationConfig":{"temperature":"hot"}}""")]
    [InlineData("""{"contents":[],"generationConfig":[]}""")]
    [InlineData("""{"contents":[],"tools":[{"functionDeclarations":[{}]}]}""")]
    [InlineData("""{"contents":[],"\ud83d":1}""")]
    [InlineData("[]")]
    public void Read_WrongShape_IsRefused(string body) => Assert.Throws<RequestFormatException>(() => CodecRig.ReadRequest(Codec, body));

    [Fact]
    public void Write_Twice_IsTheSameBytes()
    {
        var request = CodecRig.ReadRequest(Codec, GoldenFile.Text("gemini/request-tools.json"));
        Assert.Equal(CodecRig.WriteRequest(Codec, request, Target()).Body, CodecRig.WriteRequest(Codec, request, Target()).Body);
    }
}
