using System.Buffers;
using Gateway.Errors;

namespace Gateway.Dialects.Gemini;

/// <summary>Gemini's <c>generateContent</c> and <c>streamGenerateContent?alt=sse</c>.</summary>
internal sealed class GeminiDialect : CodecDialect
{
    private static readonly byte[] BlankLine = "\n"u8.ToArray();

    public override IChatCodec Codec { get; } = new GeminiCodec();

    public override IDialect WithoutEvents => new GeminiListDialect();

    /// <summary>An empty line: Google's client for Python takes a comment for a broken chunk.</summary>
    public override ReadOnlyMemory<byte> KeepAlive => BlankLine;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => GeminiRequestFacts.Read(body, facts);

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "maxOutputTokens", "generationConfig");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => GeminiErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => GeminiErrors.Write(output, error, requestId);

    /// <summary>Bare JSON, as Google sends it: its clients raise their exception for that, but take an event for one more answer.</summary>
    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        GeminiErrors.Write(output, error, requestId);
        output.Write("\r\n"u8);
    }
}
