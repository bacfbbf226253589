using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Anthropic's Messages in full.</summary>
internal sealed class AnthropicCodec : IChatCodec
{
    // Servers that run Claude but fetch nothing themselves.
    private static readonly string[] WithoutUrls = ["bedrock", "vertex"];

    public Operation Wire => Operation.Messages;

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts) => AnthropicRequestReader.Read(body, facts);

    public void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped) =>
        AnthropicRequestWriter.Write(output, request, target, dropped, Operation.Messages);

    public bool TakesMediaUrl(string url, TargetTraits target) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && Array.IndexOf(WithoutUrls, target.ProviderKind) < 0;

    public ChatReply? ReadReply(ReadOnlyMemory<byte> body) => AnthropicReplyReader.Read(body);

    public void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope) => AnthropicReplyWriter.Write(output, reply, envelope);

    public IChatStreamDecoder CreateStreamDecoder() => new AnthropicStreamDecoder();

    public IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope) => new AnthropicStreamEncoder(envelope, new ServerSentEventSink());
}
