using System.Buffers;
using Gateway.Protocol;
using Gateway.Protocol.Rerank;

namespace Gateway.Dialects;

/// <summary>Reads and writes one wire format of reranking, for the translate lane. Stateless. There are no streams.</summary>
internal interface IRerankCodec
{
    /// <summary>The wire.</summary>
    Operation Wire { get; }

    /// <summary>Reads a client's request.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="facts">What is already known.</param>
    /// <exception cref="RequestFormatException">The request is not one of this wire.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    RerankRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts);

    /// <summary>Writes the body of a request to a provider, in a stable order of members.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="request">The request. It is not changed.</param>
    /// <param name="target">The model, and the kind of provider: they differ in small things.</param>
    /// <param name="dropped">Told what the target can't be told.</param>
    void WriteRequest(IBufferWriter<byte> output, RerankRequest request, TargetTraits target, DroppedMembers dropped);

    /// <summary>Reads a provider's reply.</summary>
    /// <returns>Null when it is not a reply of this wire.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    RerankReply? ReadReply(ReadOnlyMemory<byte> body);

    /// <summary>Writes a reply to a client.</summary>
    void WriteReply(IBufferWriter<byte> output, RerankReply reply, RerankEnvelope envelope);
}
