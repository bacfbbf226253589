using System.Buffers;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAi;

/// <summary>What the OpenAI operations have in common.</summary>
internal abstract class OpenAiDialect : IDialect
{
    private static readonly byte[] Member = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] Value = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] Field = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] OnlyField = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] Flag = "true"u8.ToArray();

    /// <summary>Whether the operation has <c>stream_options.include_usage</c>.</summary>
    protected abstract bool UsesStreamOptions { get; }

    /// <summary>What limits the operation's output; <see cref="OutputLimitWords.None"/> where nothing does.</summary>
    protected virtual OutputLimitWords LimitWords => OutputLimitWords.None;

    public virtual IChatCodec? Codec => null;

    public virtual GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) =>
        OpenAiRequestReader.Read(body, facts, UsesStreamOptions, LimitWords);

    public ReadOnlyMemory<byte> UsageSpliceBytes(UsageSpliceKind kind) => kind switch
    {
        UsageSpliceKind.InsertMember => Member,
        UsageSpliceKind.ReplaceValue => Value,
        UsageSpliceKind.InsertField => Field,
        UsageSpliceKind.InsertOnlyField => OnlyField,
        UsageSpliceKind.ReplaceFlag => Flag,
        _ => default,
    };

    public virtual byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => LimitWords switch
    {
        OutputLimitWords.None => [],
        OutputLimitWords.MaxOutputTokens => OutputLimitText.Of(kind, tokens, "max_output_tokens"),
        _ => OutputLimitText.Of(kind, tokens, "max_tokens"),
    };

    public abstract bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts);

    public abstract DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request);

    public virtual PooledBuffer? CorrectReply(ReadOnlySpan<byte> body, RequestFacts request) => null;

    public ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => OpenAiErrors.Read(body);

    public void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) =>
        OpenAiErrors.WriteBody(output, error);

    public virtual void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        output.Write("data: "u8);
        OpenAiErrors.WriteBody(output, error);
        output.Write("\n\n"u8);
    }
}
