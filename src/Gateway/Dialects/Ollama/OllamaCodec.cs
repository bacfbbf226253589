using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Reads and writes Ollama's chat.</summary>
internal sealed class OllamaCodec : IChatCodec
{
    public Operation Wire => Operation.OllamaChat;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => OllamaRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        OllamaRequestWriter.Write(output, request, target, dropped);

    public bool TakesMediaUrl(string url, TargetTraits target) => false;

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => OllamaReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => OllamaReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new OllamaStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new OllamaStreamEncoder(envelope);
}
