using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Anthropic;

/// <summary>The exchanges of tests/golden/anthropic through the canonical model and back.</summary>
public class AnthropicGoldenTests
{
    public static TheoryData<string> Exchanges => AnthropicRig.Exchanges;

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Request_ReadAndWritten_IsTheSame(string name)
    {
        if (AnthropicRig.Part(name, "request") is not { } request)
            return;
        var model = (string)request["model"]!;
        var read = CodecRig.ReadRequest(AnthropicRig.Codec, request.ToJsonString());
        var (written, dropped) = AnthropicRig.Write(read, AnthropicRig.Target(model));
        Assert.Empty(dropped);
        AnthropicRig.AssertSame(request, written);
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Request_WrittenTwice_HasTheSameBytes(string name)
    {
        if (AnthropicRig.Part(name, "request") is not { } request)
            return;
        var target = AnthropicRig.Target((string)request["model"]!);
        var first = CodecRig.WriteRequest(AnthropicRig.Codec, CodecRig.ReadRequest(AnthropicRig.Codec, request.ToJsonString()), target).Body;
        var second = CodecRig.WriteRequest(AnthropicRig.Codec, CodecRig.ReadRequest(AnthropicRig.Codec, first), target).Body;
        Assert.Equal(first, second);
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Reply_ReadAndWritten_IsTheSame(string name)
    {
        if (AnthropicRig.Part(name, "reply") is not { } reply)
            return;
        var read = AnthropicRig.Codec.ReadReply(Encoding.UTF8.GetBytes(reply.ToJsonString()))!;
        AnthropicRig.AssertSame(reply, JsonNode.Parse(CodecRig.WriteReply(AnthropicRig.Codec, read)));
    }
}
