namespace Gateway.Dialects.CohereEmbeddings;

/// <summary>Cohere's embeddings, version 2.</summary>
/// <param name="family">Cohere's chat dialect.</param>
internal sealed class CohereEmbeddingDialect(IDialect family) : WholeDialect(family), IDialect
{
    private static readonly string[] Required = ["embeddings"];
    private static readonly string[] Wanted = ["id", "meta"];

    public IEmbeddingCodec EmbeddingCodec { get; } = new CohereEmbeddingCodec();

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ReplyScan.TryRead(body, Required, Wanted, (name, value) =>
    {
        if (name == 0)
            facts.Id = value.Text();
        else
            facts.Usage = CohereEmbeddingUsage.Read(value);
    });
}
