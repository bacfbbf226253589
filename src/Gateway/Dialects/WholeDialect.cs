using System.Buffers;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>A dialect of an operation that is no chat and has no stream. Its errors are those of its family, whose chat dialect reads and writes them.</summary>
/// <param name="family">A dialect of the same API.</param>
internal abstract class WholeDialect(IDialect family) : IDialect
{
    public virtual GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => BodyFactsReader.Read(body, facts, BodyShape.NeverStreams);

    public ReadOnlyMemory<byte> UsageSpliceBytes(UsageSpliceKind kind) => default;

    public abstract bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts);

    public DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        throw new NotSupportedException("The operation has no stream: ReadRequest refuses one.");

    public virtual PooledBuffer? CorrectReply(ReadOnlySpan<byte> body, RequestFacts request) => null;

    public ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => family.ReadError(body);

    public void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => family.WriteError(output, error, requestId);

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId) => family.WriteStreamError(output, error, requestId);

    public KeyValuePair<string, string>? ErrorHeader(GatewayError error) => family.ErrorHeader(error);
}
