using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiCompletions;

/// <summary>OpenAI legacy text completions.</summary>
internal sealed class OpenAiCompletionsDialect : ChoicesDialect
{
    protected override OutputLimitWords LimitWords => OutputLimitWords.MaxTokens;
}
