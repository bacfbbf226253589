namespace Gateway.Protocol;

/// <summary>How a model is to use its tools.</summary>
internal enum ToolChoiceMode
{
    /// <summary>As it sees fit.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>At least one, whichever.</summary>
    Required,

    /// <summary>The one that is named.</summary>
    Named,
}
