namespace Gateway.Dialects.Anthropic;

/// <summary>What a request says of thinking.</summary>
internal enum ThinkingKind
{
    /// <summary>Nothing.</summary>
    Unsaid,

    /// <summary>Not to think.</summary>
    Off,

    /// <summary>To think within a budget.</summary>
    Budget,

    /// <summary>To think as it sees fit.</summary>
    Adaptive,
}
