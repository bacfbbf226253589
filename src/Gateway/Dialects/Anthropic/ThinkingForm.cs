namespace Gateway.Dialects.Anthropic;

/// <summary>How a model is told to think.</summary>
internal enum ThinkingForm
{
    /// <summary>It can't think.</summary>
    None,

    /// <summary>With a budget of tokens.</summary>
    Budget,

    /// <summary>Adaptively, with an effort; a budget is still understood.</summary>
    AdaptiveOrBudget,

    /// <summary>Adaptively, with an effort; a budget is refused.</summary>
    Adaptive,

    /// <summary>Not known: as the client says.</summary>
    AsSaid,
}
