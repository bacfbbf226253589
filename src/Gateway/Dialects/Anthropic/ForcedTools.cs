namespace Gateway.Dialects.Anthropic;

/// <summary>When a model may be made to call a tool (<c>tool_choice</c> any or tool).</summary>
internal enum ForcedTools
{
    /// <summary>Only while it does not think.</summary>
    WithoutThinking,

    /// <summary>Always, unless thinking was given a budget.</summary>
    WithAdaptiveThinking,

    /// <summary>Never.</summary>
    Never,
}
