using Gateway.Protocol;

namespace Gateway.Dialects.Rerank;

/// <summary>Reranking as Cohere speaks it, or as most others do after it with small differences.</summary>
/// <param name="family">Cohere's chat dialect.</param>
/// <param name="wire">Which of the two.</param>
internal sealed class RerankDialect(IDialect family, Operation wire) : WholeDialect(family), IDialect
{
    private static readonly string[] Required = ["results", "data"];
    private static readonly string[] Wanted = ["id", "model", "meta", "usage"];

    public IRerankCodec RerankCodec { get; } = new RerankCodec(wire);

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ReplyScan.TryRead(body, Required, Wanted, (name, value) =>
    {
        switch (name)
        {
            case 0:
                facts.Id = value.Text();
                break;
            case 1:
                facts.Model = value.Text();
                break;
            default:
                facts.Usage ??= RerankUsage.Tokens(value);
                facts.SearchUnits ??= RerankUsage.SearchUnits(value);
                break;
        }
    });
}
