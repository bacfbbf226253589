using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.BedrockInvoke;
using Gateway.Errors;
using Gateway.Protocol;
using Gateway.Tests.Dialects.Anthropic;
using Gateway.Tests.Testing;
using Gateway.Transport;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.BedrockInvoke;

public class BedrockInvokeTests
{
    private static readonly BedrockInvokeDialect Dialect = new();

    [Fact]
    public void Write_Body_HasTheVersionAndNeitherModelNorStream()
    {
        var request = Ask();
        request.Stream = true;
        request.ServiceTier = "standard_only";
        var (body, dropped) = Write(request, Target("us.anthropic.claude-sonnet-4-5-20250929-v1:0", kind: "bedrock"), Dialect.Codec);
        Assert.Equal("bedrock-2023-05-31", (string?)body["anthropic_version"]);
        Assert.Null(body["model"] ?? body["stream"] ?? body["service_tier"]);
        Assert.Equal(["service_tier"], dropped);
    }

    [Fact]
    public void Read_Body_KeepsTheBetasForBedrockOnly()
    {
        var facts = new RequestFacts { Model = "anthropic.claude-3-haiku-20240307-v1:0", Stream = true };
        var request = CodecRig.ReadRequest(Dialect.Codec, """{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["x"],"max_tokens":9,"messages":[{"role":"user","content":"a"}]}""", facts);
        Assert.Equal((facts.Model, true, 9L), (request.Model, request.Stream, request.MaxOutputTokens));
        AssertSame(JsonNode.Parse("""["x"]"""), Write(request, Target(), Dialect.Codec).Body["anthropic_beta"]);
        var (body, dropped) = Write(request, Target());
        Assert.Null(body["anthropic_beta"]);
        Assert.Equal(["anthropic_beta"], dropped);
    }

    [Fact]
    public void Write_RequestOfTheMessagesWire_KeepsItsOwnMembers()
    {
        var request = CodecRig.ReadRequest(Codec, """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","new":1}]}],"context_management":{"edits":[]}}""");
        var (body, dropped) = Write(request, Target(), Dialect.Codec);
        Assert.NotNull(body["context_management"]);
        Assert.Equal(1, (int?)body["messages"]![0]!["content"]![0]!["new"]);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("tools")]
    [InlineData("thinking")]
    public void Stream_EncodedCutAnywhereAndDecoded_SaysTheSame(string name)
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, AnthropicRig.Stream(name)).Events;
        var expected = CanonicalDump.Of(CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events);
        var stream = CodecRig.Encode(Dialect.Codec, events);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(expected, CanonicalDump.Of(CodecRig.Decode(Dialect.Codec, StreamFraming.AmazonEventStream, stream, cut).Events));
    }

    [Fact]
    public void Decode_ChunkWithPadding_IsRead()
    {
        var output = new ArrayBufferWriter<byte>();
        var payload = Convert.ToBase64String("""{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":8}}"""u8);
        AmazonEventStreamWriter.WriteEvent(output, "chunk"u8, Encoding.UTF8.GetBytes($$"""{"bytes":"{{payload}}","p":"abcdef"}"""));
        Assert.Equal([TapVerdict.Terminal], CodecRig.Decode(Dialect.Codec, StreamFraming.AmazonEventStream, output.WrittenSpan).Verdicts);
    }

    [Theory]
    [InlineData("""{"bytes":"%%%"}""")]
    [InlineData("""{"other":1}""")]
    public void Decode_ChunkWithoutAnEvent_IsMalformed(string chunk)
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventStreamWriter.WriteEvent(output, "chunk"u8, Encoding.UTF8.GetBytes(chunk));
        Assert.Equal([TapVerdict.Malformed], CodecRig.Decode(Dialect.Codec, StreamFraming.AmazonEventStream, output.WrittenSpan).Verdicts);
    }

    [Fact]
    public void StreamError_WrittenAndRead_IsAnException()
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteStreamError(output, Error(429), "req-1");
        var (_, verdicts, decoder) = CodecRig.Decode(Dialect.Codec, StreamFraming.AmazonEventStream, output.WrittenSpan);
        Assert.Equal([TapVerdict.Error], verdicts);
        Assert.Equal(new ProviderErrorFacts("throttlingException", "throttlingException", "why", null), decoder.Error);
    }

    [Theory]
    [InlineData(400, "ValidationException")]
    [InlineData(403, "AccessDeniedException")]
    [InlineData(404, "ResourceNotFoundException")]
    [InlineData(429, "ThrottlingException")]
    [InlineData(502, "ModelErrorException")]
    [InlineData(503, "ServiceUnavailableException")]
    public void Error_Written_HasItsTypeInTheHeader(int status, string type)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteError(output, Error(status), "req-1");
        Assert.Equal("""{"message":"why"}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(new KeyValuePair<string, string>("x-amzn-errortype", type), Dialect.ErrorHeader(Error(status)));
    }

    [Fact]
    public void ReadError_Body_IsReadInEitherCase()
    {
        Assert.Equal("a", Dialect.ReadError("""{"message":"a"}"""u8).Message);
        Assert.Equal(new ProviderErrorFacts("ThrottlingException", "ThrottlingException", "b", null), Dialect.ReadError("""{"Message":"b"}"""u8, "ThrottlingException:http://internal.amazon.com/"));
        Assert.Equal("x-amzn-errortype", Dialect.ErrorTypeHeader);
        Assert.Equal(ProviderErrorFacts.None, Dialect.ReadError("<html>"u8));
    }

    [Theory]
    [InlineData("""{"messages":[]}""", null)]
    [InlineData("""{"model":"m"}""", "invalid_parameter")]
    [InlineData("""{"stream":true}""", "invalid_parameter")]
    [InlineData("[]", "invalid_json")]
    public void ReadRequest_Body_LeavesModelToThePath(string body, string? code)
    {
        var facts = new RequestFacts { Model = "m", Stream = true };
        Assert.Equal(code, Dialect.ReadRequest(Encoding.UTF8.GetBytes(body), facts)?.Code);
        Assert.Equal(("m", true, 0), (facts.Model, facts.Stream, facts.ModelLength));
    }

    private static GatewayError Error(int status) =>
        new(new ErrorKind("code", status, ErrorStage.Upstream, ErrorBlame.Provider, false, "t"), "why");
}
