namespace Gateway.Tests.Testing;

/// <summary>What befalls a call of <see cref="MemoryStateStore"/>.</summary>
public enum StateFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A conditional write meets a conflict; other calls go through.</summary>
    Conflict,

    /// <summary>The store is away: nothing is done.</summary>
    Unavailable,

    /// <summary>What was asked is done, but the answer is lost: the caller sees an unavailable store.</summary>
    LostAnswer,
}
