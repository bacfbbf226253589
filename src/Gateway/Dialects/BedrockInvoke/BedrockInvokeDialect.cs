using System.Buffers;
using Gateway.Dialects.Anthropic;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockInvoke;

/// <summary>Bedrock's InvokeModel and InvokeModelWithResponseStream with Anthropic bodies. Model and stream stand in the path.</summary>
internal sealed class BedrockInvokeDialect : CodecDialect
{
    public override IChatCodec Codec { get; } = new BedrockInvokeCodec();

    public override StreamFraming Framing => StreamFraming.AmazonEventStream;

    public override string StreamContentType => "application/vnd.amazon.eventstream";

    /// <summary>The framing has no comments.</summary>
    public override ReadOnlyMemory<byte> KeepAlive => default;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => AnthropicRequestFacts.Read(body, facts, pathSaysModel: true);

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => InvokeErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => InvokeErrors.Write(output, error);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        var body = new ArrayBufferWriter<byte>(256);
        InvokeErrors.Write(body, error);
        AmazonEventStreamWriter.WriteException(output, InvokeErrors.StreamTypeOf(error), body.WrittenSpan);
    }

    public override KeyValuePair<string, string>? ErrorHeader(GatewayError error) => new(InvokeErrors.TypeHeader, InvokeErrors.TypeOf(error));
}
