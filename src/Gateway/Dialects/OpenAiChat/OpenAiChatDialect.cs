using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class OpenAiChatDialect : ChoicesDialect, IDialect
{
    public override IChatCodec Codec { get; } = new OpenAiChatCodec();

    /// <summary>The wire names the vendor beside each signature.</summary>
    public bool WrapsSignatures => false;

    protected override OutputLimitWords LimitWords => OutputLimitWords.MaxTokens | OutputLimitWords.MaxCompletionTokens;

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) =>
        OutputLimitText.Of(kind, tokens, ChatQuirks.For(target).LimitName(target));
}
