using System.Buffers;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads and writes Chat Completions in full, as OpenAI has it and as its many imitators do.</summary>
internal sealed class OpenAiChatCodec : IChatCodec
{
    public Operation Wire => Operation.ChatCompletions;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => ChatRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        ChatRequestWriter.Write(output, request, target, dropped);

    public bool TakesMediaUrl(string url, TargetTraits target) =>
        url.StartsWith("http", StringComparison.OrdinalIgnoreCase) && ChatQuirks.For(target).ImageUrls;

    /// <summary>Only images and videos may be given by address.</summary>
    public bool TakesMediaUrl(ContentPart part, string url, TargetTraits target) => part is ImagePart or VideoPart && TakesMediaUrl(url, target);

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => ChatReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => ChatReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new ChatStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new ChatStreamEncoder(envelope);
}
