using System.Buffers;
using Gateway.Dialects.Anthropic;
using Gateway.Dialects.BedrockConverse;
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

    public override string? ErrorTypeHeader => BedrockErrors.TypeHeader;

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "max_tokens");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => BedrockErrors.Read(body, null);

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body, string? errorType) => BedrockErrors.Read(body, errorType);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => BedrockErrors.WriteBody(output, error);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId) => BedrockErrors.WriteException(output, error);

    public override KeyValuePair<string, string>? ErrorHeader(GatewayError error) => new(BedrockErrors.TypeHeader, BedrockErrors.TypeOf(error));
}
