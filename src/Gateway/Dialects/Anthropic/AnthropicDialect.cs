using System.Buffers;
using Gateway.Errors;

namespace Gateway.Dialects.Anthropic;

/// <summary>Anthropic's Messages: <c>POST /v1/messages</c>.</summary>
internal sealed class AnthropicDialect : CodecDialect
{
    private static readonly byte[] Ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    private static readonly byte[] Stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8.ToArray();

    public override IChatCodec Codec { get; } = new AnthropicCodec();

    public override ReadOnlyMemory<byte> KeepAlive => Ping;

    protected override ReadOnlyMemory<byte> Terminator => Stop;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => AnthropicRequestFacts.Read(body, facts);

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "max_tokens");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => AnthropicErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) =>
        AnthropicErrors.Write(output, error, requestId);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        output.Write("event: error\ndata: "u8);
        AnthropicErrors.Write(output, error, requestId);
        output.Write("\n\n"u8);
    }
}
