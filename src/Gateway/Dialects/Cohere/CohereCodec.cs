using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>Reads and writes Cohere chat, version 2.</summary>
internal sealed class CohereCodec : IChatCodec
{
    public Operation Wire => Operation.CohereChat;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => CohereRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        CohereRequestWriter.Write(output, request, target, dropped);

    public bool TakesMediaUrl(string url, TargetTraits target) =>
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => CohereReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => CohereReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new CohereStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new CohereStreamEncoder(envelope);
}
