using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiCompletions;

/// <summary>OpenAI legacy text completions.</summary>
internal sealed class OpenAiCompletionsDialect : OpenAiDialect
{
    protected override bool UsesStreamOptions => true;

    protected override OutputLimitWords LimitWords => OutputLimitWords.MaxTokens;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) =>
        ChoicesReplyReader.TryRead(body, "choices"u8, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        new ChoicesStreamTap(facts, request);
}
