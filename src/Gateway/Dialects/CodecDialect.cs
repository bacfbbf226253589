using System.Buffers;
using System.Text.Json;
using Gateway.Errors;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>A dialect whose relay lane reads replies and streams through its codec. Its own work is the request's facts and its errors.</summary>
internal abstract class CodecDialect : IDialect
{
    /// <summary>The codec.</summary>
    public abstract IChatCodec Codec { get; }

    IChatCodec? IDialect.Codec => Codec;

    public virtual IDialect WithoutEvents => this;

    public virtual StreamFraming Framing => StreamFraming.ServerSentEvents;

    public virtual string StreamContentType => "text/event-stream; charset=utf-8";

    public virtual ReadOnlyMemory<byte> KeepAlive => IDialect.CommentKeepAlive;

    public abstract GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts);

    public ReadOnlyMemory<byte> UsageSpliceBytes(UsageSpliceKind kind) => default;

    public abstract byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target);

    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        ChatReply? reply;
        try
        {
            reply = Codec.ReadReply(body.ToArray());
        }
        catch (JsonException)
        {
            return false;
        }

        if (reply is null)
            return false;
        facts.Note(reply);
        return true;
    }

    /// <summary>What every stream ends with; empty where there is no such thing.</summary>
    protected virtual ReadOnlyMemory<byte> Terminator => default;

    public virtual DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) => new CodecStreamTap(Codec.CreateStreamDecoder(), facts, terminator: Terminator);

    public PooledBuffer? CorrectReply(ReadOnlySpan<byte> body, RequestFacts request) => null;

    public virtual string? ErrorTypeHeader => null;

    public abstract ProviderErrorFacts ReadError(ReadOnlySpan<byte> body);

    public virtual ProviderErrorFacts ReadError(ReadOnlySpan<byte> body, string? errorType) => ReadError(body);

    public abstract void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId);

    public abstract void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId);

    public virtual KeyValuePair<string, string>? ErrorHeader(GatewayError error) => null;
}
