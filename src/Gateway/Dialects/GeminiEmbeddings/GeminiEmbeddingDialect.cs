using Gateway.Errors;

namespace Gateway.Dialects.GeminiEmbeddings;

/// <summary>
/// Gemini's embeddings; the model stands in the path. A batch repeats it in each of its requests, so a batch for a model that goes by another
/// name at the provider can't be relayed but must be translated, which writes the name anew.
/// </summary>
/// <param name="family">Gemini's chat dialect.</param>
/// <param name="isBatch">Whether it is <c>batchEmbedContents</c>.</param>
internal sealed class GeminiEmbeddingDialect(IDialect family, bool isBatch) : WholeDialect(family), IDialect
{
    private static readonly string[] Required = ["embedding", "embeddings"];
    private static readonly string[] Wanted = ["usageMetadata"];

    public IEmbeddingCodec EmbeddingCodec { get; } = new GeminiEmbeddingCodec(isBatch);

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) =>
        BodyFactsReader.Read(body, facts, BodyShape.ModelInPath | BodyShape.NeverStreams);

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) =>
        ReplyScan.TryRead(body, Required, Wanted, (_, usage) => facts.Usage = GeminiEmbeddingUsage.Read(usage));
}
