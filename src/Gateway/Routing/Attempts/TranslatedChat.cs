using System.Buffers;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing.Attempts;

/// <summary>A chat between two wires.</summary>
internal sealed class TranslatedChat(GatewayContext context, ChatRequest chat, IChatCodec client, IChatCodec provider, string model) : Translated
{
    private ReplyEnvelope Envelope => new()
    {
        RequestId = context.RequestId,
        Model = model,
        Created = context.Arrived,
        IncludeUsage = context.Request.WantsStreamUsage,
        Request = chat,
    };

    public override void WriteRequest(IBufferWriter<byte> output, TargetTraits target, DroppedMembers dropped) =>
        provider.WriteRequest(output, chat, target, dropped);

    public override bool TryWriteReply(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output, ReplyFacts facts)
    {
        if (provider.ReadReply(answer) is not { } reply)
            return false;
        facts.Note(reply);
        client.WriteReply(output, reply, Envelope);
        return true;
    }

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts) =>
        new CodecStreamTap(provider.CreateStreamDecoder(), facts, client.CreateStreamEncoder(Envelope));
}
