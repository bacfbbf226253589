using System.Buffers;
using Gateway.Errors;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// The dialect of clients that call <c>streamGenerateContent</c> without <c>alt=sse</c>: the reply is one JSON list. Only for clients;
/// providers are always asked for events, which <see cref="CreateStreamTap"/> turns into elements. Good for one request: an error that ends a
/// list must know whether the list has begun.
/// </summary>
internal sealed class GeminiListDialect : CodecDialect
{
    private readonly GeminiCodec _codec;
    private ListFraming? _list;

    public GeminiListDialect() => _codec = new GeminiCodec(NewList);

    public override IChatCodec Codec => _codec;

    public override string StreamContentType => "application/json";

    /// <summary>Nothing: the list must have begun before anything can be said.</summary>
    public override ReadOnlyMemory<byte> KeepAlive => default;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => GeminiRequestFacts.Read(body, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request)
    {
        var list = new ListRelay(Codec.CreateStreamDecoder(), NewList());
        return new CodecStreamTap(list, facts, list);
    }

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "maxOutputTokens", "generationConfig");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => GeminiErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => GeminiErrors.Write(output, error, requestId);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        output.Write(_list is { HasBegun: true } ? ",\r\n"u8 : "["u8);
        GeminiErrors.Write(output, error, requestId);
        output.Write("]"u8);
    }

    /// <summary>The list of one attempt; of several only the last can have reached the client.</summary>
    private ListFraming NewList() => _list = new ListFraming();
}
