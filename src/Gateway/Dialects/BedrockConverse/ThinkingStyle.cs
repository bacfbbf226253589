namespace Gateway.Dialects.BedrockConverse;

/// <summary>How a Claude model is told to think.</summary>
internal enum ThinkingStyle
{
    /// <summary>It can't.</summary>
    None,

    /// <summary>By a budget of tokens.</summary>
    Budget,

    /// <summary>By a budget or an effort.</summary>
    Either,

    /// <summary>By an effort; a budget, or sampling parameters, are refused.</summary>
    Adaptive,
}
