using System.Text;
using System.Text.Json.Nodes;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.Gemini.GeminiRig;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiSignatureTests
{
    [Fact]
    public void Write_SignatureBeforeACall_StandsOnTheCall() => Check(
        """[{"text":"t"},{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"s"},{"functionCall":{"id":"b","name":"f","args":{}}}]""",
        new TextPart("t"), Signature("s"), Call("a"), Call("b"));

    /// <summary>Other wires put all reasoning first.</summary>
    [Fact]
    public void Write_SignatureBeforeTextAndCall_StandsOnTheCall() => Check(
        """[{"text":"t"},{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"s"}]""",
        Signature("s"), new TextPart("t"), Call("a"));

    /// <summary>Other wires have one place for thoughts and signature.</summary>
    [Fact]
    public void Write_SignatureWithThoughtsBeforeACall_StandsOnTheCall() => Check(
        """[{"text":"hm","thought":true},{"text":"t"},{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"s"}]""",
        Signature("s", "hm"), new TextPart("t"), Call("a"));

    [Fact]
    public void Write_TwoSignatures_StandOnTextAndCall() => Check(
        """[{"text":"t","thoughtSignature":"s1"},{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"s2"}]""",
        Signature("s1"), new TextPart("t"), Signature("s2"), Call("a"));

    [Fact]
    public void Write_SignatureWithoutACall_StandsOnTheLastText() => Check(
        """[{"text":"a"},{"text":"b","thoughtSignature":"s"}]""", new TextPart("a"), new TextPart("b"), Signature("s"));

    [Fact]
    public void Write_SignatureAlone_StandsOnAnEmptyText() => Check("""[{"text":"","thoughtSignature":"s"}]""", Signature("s"));

    [Fact]
    public void Write_SignatureOfAnImage_StandsOnTheImage() => Check(
        """[{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"s"}]""",
        Signature("s"), new ImagePart(new MediaSource { Data = "AAAA", MediaType = "image/png" }));

    [Fact]
    public void Write_CallWithoutSignature_AsksNewModelsNotToCheckIt()
    {
        var request = Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Call("a"), Call("b")));
        var parts = Write(request).Body["contents"]![1]!["parts"]!;
        Assert.Equal("skip_thought_signature_validator", (string?)parts[0]!["thoughtSignature"]);
        Assert.Null(parts[1]!["thoughtSignature"]);
        Assert.Null(Write(request, "gemini-2.5-pro").Body["contents"]![1]!["parts"]![0]!["thoughtSignature"]);
        Assert.Equal("skip_thought_signature_validator", (string?)Write(request, kind: "vertex").Body["contents"]![1]!["parts"]![0]!["thoughtSignature"]);
    }

    [Fact]
    public void Write_ReasoningOfAnotherVendor_IsLeftOutAndNamed()
    {
        var request = Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Signature("s", "hm", ReasoningOrigin.Anthropic), Call("a")));
        var (body, dropped) = Write(request);
        Assert.Equal(["messages[1].reasoning"], dropped);
        Assert.Equal("skip_thought_signature_validator", (string?)Assert.Single(body["contents"]![1]!["parts"]!.AsArray())!["thoughtSignature"]);
    }

    [Fact]
    public void Write_SignatureForGemma_IsLeftOut() =>
        Assert.Equal(["messages[1].reasoning"], Write(Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, Signature("s"), new TextPart("t"))), "gemma-3-27b-it").Dropped);

    [Fact]
    public void Reply_ForeignReasoning_ComesBackAsItWas()
    {
        var reply = new ChatReply { Id = "r" };
        reply.Choices.Add(new ChatChoice
        {
            Finish = FinishReason.ToolCalls,
            Parts =
            {
                Signature("sig+/=", "hm", ReasoningOrigin.Anthropic),
                new ReasoningPart { Encrypted = "redacted", Origin = ReasoningOrigin.Anthropic },
                new ReasoningPart { Text = "summary", Encrypted = "gAAA", Id = "rs_1", Origin = ReasoningOrigin.OpenAi },
                Call("a"),
            },
        });
        var sent = JsonNode.Parse(CodecRig.WriteReply(Codec, reply))!["candidates"]![0]!["content"]!;
        foreach (var signature in sent["parts"]!.AsArray().Select(p => (string?)p!["thoughtSignature"]).OfType<string>())
            Assert.NotEmpty(Convert.FromBase64String(signature));

        // Clients in Python decode the bytes and send them back in the other alphabet.
        var returned = sent.ToJsonString().Replace("\\u002B", "-", StringComparison.Ordinal).Replace('+', '-').Replace('/', '_');
        var turn = CodecRig.ReadRequest(Codec, $$"""{"contents":[{"parts":[{"text":"Hi"}]},{{returned}}]}""").Messages[1];
        Assert.Equal(Canonical.Of(reply.Choices[0].Parts), Canonical.Of(turn.Parts));
    }

    [Fact]
    public void ReadReply_EmptyTextWithSignature_KeepsTheSignature()
    {
        var reply = Codec.ReadReply(Encoding.UTF8.GetBytes("""{"candidates":[{"content":{"parts":[{"text":"Hi"},{"text":"","thoughtSignature":"s"}]},"finishReason":"STOP"}]}"""))!;
        Assert.Equal("s", Assert.IsType<ReasoningPart>(reply.Choices[0].Parts[1]).Signature);
        Assert.Equal(2, reply.Choices[0].Parts.Count);
    }

    private static void Check(string expected, params ContentPart[] parts)
    {
        var (body, dropped) = Write(Ask(null, Says(ChatRole.User, new TextPart("Hi")), Says(ChatRole.Assistant, parts)));
        Assert.Equal(expected, Json(body["contents"]![1]!["parts"]));
        Assert.Empty(dropped);
    }
}
