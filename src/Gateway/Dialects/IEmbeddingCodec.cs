using System.Buffers;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects;

/// <summary>Reads and writes one wire format of embeddings, for the translate lane. Stateless. There are no streams.</summary>
internal interface IEmbeddingCodec
{
    /// <summary>The wire.</summary>
    Operation Wire { get; }

    /// <summary>Reads a client's request.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="facts">What is already known: the model may stand in the path.</param>
    /// <exception cref="RequestFormatException">The request is not one of this wire.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    EmbeddingRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts);

    /// <summary>Writes the body of a request to a provider, in a stable order of members.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="request">The request. It is not changed.</param>
    /// <param name="target">The model and what it is known to take.</param>
    /// <param name="dropped">Told what the target can't be told.</param>
    /// <exception cref="RequestFormatException">The request can't be said on this wire at all (token ids, images, more inputs than one).</exception>
    void WriteRequest(IBufferWriter<byte> output, EmbeddingRequest request, TargetTraits target, DroppedMembers dropped);

    /// <summary>Reads a provider's reply.</summary>
    /// <returns>Null when it is not a reply of this wire.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    EmbeddingReply? ReadReply(ReadOnlyMemory<byte> body);

    /// <summary>Writes a reply to a client, the vectors in the form its request asked for.</summary>
    /// <exception cref="System.Text.Json.JsonException">A vector is none, which shows only when its form has to change.</exception>
    void WriteReply(IBufferWriter<byte> output, EmbeddingReply reply, EmbeddingEnvelope envelope);
}
