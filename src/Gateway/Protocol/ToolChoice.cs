namespace Gateway.Protocol;

/// <summary>Whether the model may, must or must not call a tool.</summary>
/// <param name="Mode">Which.</param>
/// <param name="Names">For <see cref="ToolChoiceMode.Named"/> the one tool; for the others the tools it is limited to, empty for all.</param>
internal sealed record ToolChoice(ToolChoiceMode Mode, IReadOnlyList<string> Names)
{
    /// <summary>A choice without names.</summary>
    public ToolChoice(ToolChoiceMode mode)
        : this(mode, [])
    {
    }
}
