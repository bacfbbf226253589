using System.Buffers;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>A wire format, as far as relaying needs it: the minimum of a request, what a reply says of itself, and how errors look.</summary>
internal interface IDialect
{
    /// <summary>A comment of server-sent events.</summary>
    static readonly ReadOnlyMemory<byte> CommentKeepAlive = ": keep-alive\n\n"u8.ToArray();

    /// <summary>Reads and writes the whole of it, for the translate lane; null for operations that are only relayed.</summary>
    IChatCodec? Codec => null;

    /// <summary>Whether signatures of other vendors' reasoning stand wrapped on this wire (see <see cref="ForeignSignature"/>), so that its requests may hold some.</summary>
    bool WrapsSignatures => Codec is not null;

    /// <summary>As <see cref="Codec"/>, for embeddings.</summary>
    IEmbeddingCodec? EmbeddingCodec => null;

    /// <summary>As <see cref="Codec"/>, for reranking.</summary>
    IRerankCodec? RerankCodec => null;

    /// <summary>Whether its requests are <c>multipart/form-data</c> instead of JSON; they are then never read whole.</summary>
    bool TakesMultipart => false;

    /// <summary>How its streams are cut into frames.</summary>
    StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <summary>Content type of its streams.</summary>
    string StreamContentType => "text/event-stream; charset=utf-8";

    /// <summary>
    /// The dialect of a client that wants a stream but not its events (Gemini without <c>alt=sse</c>), good for one request; itself where the
    /// wire knows no such thing.
    /// </summary>
    IDialect WithoutEvents => this;

    /// <summary>What may be sent at any time to show that a stream is alive; empty when the wire has no such thing.</summary>
    ReadOnlyMemory<byte> KeepAlive => CommentKeepAlive;

    /// <summary>A header that belongs to an error of this dialect (Amazon's error type), or null.</summary>
    KeyValuePair<string, string>? ErrorHeader(GatewayError error) => null;

    /// <summary>Reads what routing needs from a request body without building a tree of it.</summary>
    /// <param name="body">The whole body, UTF-8 JSON.</param>
    /// <param name="facts">Filled in.</param>
    /// <returns>Null, or what is wrong with the request.</returns>
    GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts);

    /// <summary>The bytes that make a provider report usage in a stream, for a splice of the given kind.</summary>
    ReadOnlyMemory<byte> UsageSpliceBytes(UsageSpliceKind kind);

    /// <summary>The bytes that limit each choice to so many output tokens, for a splice of the given kind; empty when the wire has no such limit.</summary>
    /// <param name="kind">What stands there now.</param>
    /// <param name="tokens">The limit, ≥ 1.</param>
    /// <param name="target">Who is told.</param>
    byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => [];

    /// <summary>Reads what a non-streamed reply says of itself.</summary>
    /// <returns>False when the body is not a reply of this dialect.</returns>
    bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts);

    /// <summary>A tap for one stream.</summary>
    /// <param name="facts">Filled in as the stream passes.</param>
    /// <param name="request">What the client asked for: whether it wants the usage event, and how many choices.</param>
    DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request);

    /// <summary>A reply the client can't read as it stands, put right; null when it stands right, which is the rule.</summary>
    PooledBuffer? CorrectReply(ReadOnlySpan<byte> body, RequestFacts request);

    /// <summary>Reads a provider's error body; never throws.</summary>
    ProviderErrorFacts ReadError(ReadOnlySpan<byte> body);

    /// <summary>The header of a provider's error answer that says its type, or null when the body says all.</summary>
    string? ErrorTypeHeader => null;

    /// <summary>Reads a provider's error body beside the value of its <see cref="ErrorTypeHeader"/>; never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="errorType">The header's value, or null.</param>
    ProviderErrorFacts ReadError(ReadOnlySpan<byte> body, string? errorType) => ReadError(body);

    /// <summary>Writes an error as a whole body.</summary>
    void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId);

    /// <summary>Writes an error as the last event of a stream.</summary>
    void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId);
}
