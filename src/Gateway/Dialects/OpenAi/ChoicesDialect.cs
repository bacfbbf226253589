namespace Gateway.Dialects.OpenAi;

/// <summary>What the operations that answer in <c>choices</c> have in common: Chat Completions and the legacy completions.</summary>
internal abstract class ChoicesDialect : OpenAiDialect
{
    protected override bool UsesStreamOptions => true;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) =>
        ChoicesReplyReader.TryRead(body, "choices"u8, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        new ChoicesStreamTap(facts, request);
}
