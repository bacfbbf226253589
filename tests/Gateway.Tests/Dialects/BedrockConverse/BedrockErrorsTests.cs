using System.Buffers;
using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.BedrockConverse;
using Gateway.Errors;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

public class BedrockErrorsTests
{
    private static readonly BedrockConverseDialect Dialect = new();

    public static TheoryData<string, string, string> Kinds => new()
    {
        { "InvalidParameter", "ValidationException", "validationException" },
        { "BodyTooLarge", "ValidationException", "validationException" },
        { "ContextLength", "ValidationException", "validationException" },
        { "InvalidKey", "UnrecognizedClientException", "validationException" },
        { "ModelNotFound", "ResourceNotFoundException", "validationException" },
        { "RequestTimeout", "ModelTimeoutException", "validationException" },
        { "UpstreamRateLimit", "ThrottlingException", "throttlingException" },
        { "UpstreamQuota", "ServiceQuotaExceededException", "throttlingException" },
        { "UpstreamOverloaded", "ServiceUnavailableException", "serviceUnavailableException" },
        { "Overloaded", "ServiceUnavailableException", "serviceUnavailableException" },
        { "UpstreamTimeout", "ModelTimeoutException", "modelStreamErrorException" },
        { "UpstreamFailed", "ModelErrorException", "modelStreamErrorException" },
        { "StreamCut", "ModelErrorException", "modelStreamErrorException" },
        { "UpstreamAuthentication", "InternalServerException", "internalServerException" },
        { "Internal", "InternalServerException", "internalServerException" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WriteError_Kind_HasAmazonsName(string kind, string type, string streamType)
    {
        var error = new GatewayError((ErrorKind)typeof(ErrorKinds).GetField(kind)!.GetValue(null)!, "It is \"so\".");
        var body = new ArrayBufferWriter<byte>();
        Dialect.WriteError(body, error, "req-1");
        Assert.Equal("""{"message":"It is \"so\"."}""", Encoding.UTF8.GetString(body.WrittenSpan));
        Assert.Equal(KeyValuePair.Create("x-amzn-errortype", type), Dialect.ErrorHeader(error));

        var stream = new ArrayBufferWriter<byte>();
        Dialect.WriteStreamError(stream, error, "req-1");
        var (_, _, decoder) = Decode(stream.WrittenSpan);
        Assert.Equal((streamType, "It is \"so\"."), (decoder.Error!.Type, decoder.Error.Message));
    }

    [Theory]
    [InlineData("""{"message":"Slow down"}""", "ThrottlingException:http://internal.amazon.com/coral/", "ThrottlingException", "Slow down")]
    [InlineData("""{"Message":"No"}""", "AccessDeniedException", "AccessDeniedException", "No")]
    [InlineData("""{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"Bad token"}""", null, "UnrecognizedClientException", "Bad token")]
    [InlineData("""{"message":{"a":1},"x":[{"message":"inner"}],"message":"last"}""", " ", null, "last")]
    [InlineData("<html>", "ServiceUnavailableException", "ServiceUnavailableException", null)]
    [InlineData("", null, null, null)]
    [InlineData("""{"message":"\ud83d"}""", null, null, null)]
    public void ReadError_Body_SaysTypeAndMessage(string body, string? header, string? type, string? message)
    {
        var facts = ((IDialect)Dialect).ReadError(Encoding.UTF8.GetBytes(body), header);
        Assert.Equal(new ProviderErrorFacts(type, type, message, null), facts);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "m", null)]
    [InlineData("""{}""", "m", null)]
    [InlineData("""{"messages":[]}""", "", "missing_parameter")]
    [InlineData("""{"messages":{}}""", "m", "invalid_parameter")]
    [InlineData("""{"messages":[],"messages":[]}""", "m", "invalid_parameter")]
    [InlineData("""[]""", "m", "invalid_json")]
    [InlineData("""{"messages":[]""", "m", "invalid_json")]
    [InlineData("""{"messages":[]}{}""", "m", "invalid_json")]
    [InlineData("", "m", "invalid_json")]
    public void ReadRequest_Body_IsChecked(string body, string model, string? code)
    {
        var facts = new RequestFacts { Model = model, Stream = true };
        Assert.Equal(code, Dialect.ReadRequest(Encoding.UTF8.GetBytes(body), facts)?.Code);
        Assert.Equal((0, true), (facts.ModelLength, facts.Stream));
    }

    [Theory]
    [InlineData("""{"messages":{}}""", "messages")]
    [InlineData("""{"messages":[{"role":"tool","content":[]}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":["Hi"]}]}""", "messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":[{}]}]}""", "messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":1}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"inferenceConfig":1}""", "inferenceConfig")]
    [InlineData("""{"inferenceConfig":{"stopSequences":[1]}}""", "inferenceConfig.stopSequences")]
    [InlineData("""{"toolConfig":{"tools":[{"toolSpec":{}}]}}""", "toolConfig.tools[0].toolSpec.name")]
    [InlineData("""{"outputConfig":{"textFormat":{"structure":{"jsonSchema":{"schema":"{"}}}}}""", "outputConfig.textFormat.structure.jsonSchema.schema")]
    public void CodecReadRequest_NotOfThisWire_SaysWhere(string body, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => Read(body)).Param);
}
