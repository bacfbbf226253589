using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Bedrock Converse and ConverseStream.</summary>
internal sealed class BedrockConverseCodec : IChatCodec
{
    public Operation Wire => Operation.Converse;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => ConverseRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        ConverseRequestWriter.Write(output, request, target, dropped);

    /// <summary>Only Amazon's own storage is fetched by the provider.</summary>
    public bool TakesMediaUrl(string url, TargetTraits target) => url.StartsWith("s3://", StringComparison.OrdinalIgnoreCase);

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => ConverseReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => ConverseReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new ConverseStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new ConverseStreamEncoder(envelope);
}
