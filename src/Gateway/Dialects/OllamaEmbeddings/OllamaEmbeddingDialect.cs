using Gateway.Metering;

namespace Gateway.Dialects.OllamaEmbeddings;

/// <summary>Ollama's embeddings, the old form included.</summary>
/// <param name="family">Ollama's chat dialect.</param>
internal sealed class OllamaEmbeddingDialect(IDialect family) : WholeDialect(family), IDialect
{
    private static readonly string[] Required = ["embeddings", "embedding"];
    private static readonly string[] Wanted = ["model", "prompt_eval_count"];

    public IEmbeddingCodec EmbeddingCodec { get; } = new OllamaEmbeddingCodec();

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ReplyScan.TryRead(body, Required, Wanted, (name, value) =>
    {
        if (name == 0)
            facts.Model = value.Text();
        else if (value.ValueKind == System.Text.Json.JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens is >= 0 and <= int.MaxValue)
            facts.Usage = new TokenUsage(tokens, 0);
    });
}
