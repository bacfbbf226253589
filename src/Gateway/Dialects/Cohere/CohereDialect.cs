using System.Buffers;
using Gateway.Errors;

namespace Gateway.Dialects.Cohere;

/// <summary>Cohere chat, version 2: server-sent events whose names repeat their types; <c>data: [DONE]</c> ends them.</summary>
internal sealed class CohereDialect : CodecDialect
{
    public override IChatCodec Codec { get; } = new CohereCodec();

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => BodyFactsReader.Read(body, facts, BodyShape.MaxTokens);

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "max_tokens");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => CohereErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => CohereErrors.WriteBody(output, error, requestId);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId) => CohereErrors.WriteEvent(output, error);
}
