using System.Buffers;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads and writes the Responses API in full, but for what only a provider that keeps responses can do.</summary>
internal sealed class OpenAiResponsesCodec : IChatCodec
{
    public Operation Wire => Operation.Responses;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => ResponsesRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        ResponsesRequestWriter.Write(output, request, target, dropped);

    public bool TakesMediaUrl(string url, TargetTraits target) => url.StartsWith("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Images and files may be given by address.</summary>
    public bool TakesMediaUrl(ContentPart part, string url, TargetTraits target) => part is ImagePart or DocumentPart && TakesMediaUrl(url, target);

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => ResponsesReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => ResponsesReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new ResponsesStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new ResponsesStreamEncoder(envelope);
}
