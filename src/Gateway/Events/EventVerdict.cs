namespace Gateway.Events;

/// <summary>What became of an event.</summary>
internal enum EventVerdict
{
    /// <summary>It is dealt with.</summary>
    Done,

    /// <summary>Not now: hand it over again.</summary>
    Retry,

    /// <summary>Never: it goes to the dead letters.</summary>
    Poison,
}
