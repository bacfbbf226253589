using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Gemini's <c>generateContent</c>, as the Developer API and Vertex AI speak it.</summary>
/// <param name="framing">How chunks stand in a stream to a client; as events when null. Asked once for each stream.</param>
internal sealed class GeminiCodec(Func<IGeminiFraming>? framing = null) : IChatCodec
{
    public Operation Wire => Operation.GenerateContent;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => GeminiRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        GeminiRequestWriter.Write(output, request, target, dropped);

    public bool TakesMediaUrl(string url, TargetTraits target) => GeminiMedia.TakesAddress(url, target.ProviderKind == "vertex");

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        try
        {
            return GeminiReplyReader.Read(body);
        }
        catch (RequestFormatException)
        {
            return null; // parts are read as those of requests, and one of these can't be one
        }
    }

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => GeminiReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new GeminiStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) =>
        new GeminiStreamEncoder(envelope, framing?.Invoke() ?? EventFraming.Instance);
}
