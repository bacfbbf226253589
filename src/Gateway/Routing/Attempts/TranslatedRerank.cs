using System.Buffers;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Protocol.Rerank;

namespace Gateway.Routing.Attempts;

/// <summary>Reranking between two wires.</summary>
internal sealed class TranslatedRerank(GatewayContext context, RerankRequest request, IRerankCodec client, IRerankCodec provider, string model) : Translated
{
    public override void WriteRequest(IBufferWriter<byte> output, TargetTraits target, DroppedMembers dropped) =>
        provider.WriteRequest(output, request, target, dropped);

    public override bool TryWriteReply(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output, ReplyFacts facts)
    {
        if (provider.ReadReply(answer) is not { } reply)
            return false;
        (facts.Id, facts.Model, facts.Usage, facts.SearchUnits) = (reply.Id, reply.Model, reply.Usage, reply.SearchUnits);
        client.WriteReply(output, reply, new RerankEnvelope { RequestId = context.RequestId, Model = model, Request = request });
        return true;
    }
}
