using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class OpenAiChatDialect : OpenAiDialect
{
    public override IChatCodec Codec { get; } = new OpenAiChatCodec();

    protected override bool UsesStreamOptions => true;

    protected override OutputLimitWords LimitWords => OutputLimitWords.MaxTokens | OutputLimitWords.MaxCompletionTokens;

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) =>
        OutputLimitText.Of(kind, tokens, ChatQuirks.For(target).LimitName(target));

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) =>
        ChoicesReplyReader.TryRead(body, "choices"u8, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        new ChoicesStreamTap(facts, request);
}
