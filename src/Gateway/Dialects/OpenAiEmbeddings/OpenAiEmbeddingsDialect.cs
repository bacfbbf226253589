using Gateway.Dialects.OpenAi;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiEmbeddings;

/// <summary>OpenAI embeddings. There is no stream.</summary>
internal sealed class OpenAiEmbeddingsDialect : OpenAiDialect, IDialect
{
    public IEmbeddingCodec EmbeddingCodec { get; } = new OpenAiEmbeddingCodec();

    protected override bool UsesStreamOptions => false;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts)
    {
        var error = base.ReadRequest(body, facts);
        return error is null && facts.Stream
            ? new GatewayError(ErrorKinds.InvalidParameter, "Embeddings cannot be streamed.") { Param = "stream" }
            : error;
    }

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) =>
        ChoicesReplyReader.TryRead(body, "data"u8, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        throw new NotSupportedException("Embeddings have no stream: ReadRequest refuses one.");

    /// <summary>
    /// Official clients ask for base64 and decode without looking: a provider that ignores <c>encoding_format</c> and sends numbers
    /// would yield wrong vectors, so they are packed here; and one that packs them though numbers were asked for is unpacked.
    /// </summary>
    public override PooledBuffer? CorrectReply(ReadOnlySpan<byte> body, RequestFacts request) =>
        request.EncodingFormat == "base64" ? EmbeddingPacker.ToBase64(body) : EmbeddingPacker.ToNumbers(body);
}
