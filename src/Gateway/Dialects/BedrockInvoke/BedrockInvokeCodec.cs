using System.Buffers;
using Gateway.Dialects.Anthropic;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockInvoke;

/// <summary>Messages bodies in Bedrock's envelope: the path says the model and whether to stream, events travel in binary frames.</summary>
internal sealed class BedrockInvokeCodec : IChatCodec
{
    public Operation Wire => Operation.InvokeModel;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => AnthropicRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        AnthropicRequestWriter.Write(output, request, target, dropped, Operation.InvokeModel);

    /// <summary>Bedrock fetches nothing.</summary>
    public bool TakesMediaUrl(string url, TargetTraits target) => false;

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => AnthropicReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => AnthropicReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new BedrockInvokeStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new AnthropicStreamEncoder(envelope, new ChunkSink());
}
