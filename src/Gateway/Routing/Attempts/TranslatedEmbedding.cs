using System.Buffers;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Routing.Attempts;

/// <summary>Embeddings between two wires.</summary>
internal sealed class TranslatedEmbedding(GatewayContext context, EmbeddingRequest request, IEmbeddingCodec client, IEmbeddingCodec provider, string model) : Translated
{
    public override void WriteRequest(IBufferWriter<byte> output, TargetTraits target, DroppedMembers dropped) =>
        provider.WriteRequest(output, request, target, dropped);

    public override bool TryWriteReply(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output, ReplyFacts facts)
    {
        if (provider.ReadReply(answer) is not { } reply)
            return false;
        (facts.Id, facts.Model, facts.Usage) = (reply.Id, reply.Model, reply.Usage);
        client.WriteReply(output, reply, new EmbeddingEnvelope { RequestId = context.RequestId, Model = model, Request = request });
        return true;
    }
}
