namespace FaultUpstream;

/// <summary>What a fault obliges a gateway to, beyond what all do.</summary>
[Flags]
internal enum FaultTrait
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>The target says nothing in time: it is not called again for the same request.</summary>
    Silent = 1,

    /// <summary>What is wrong is wrong with the request: it is neither repeated nor sent elsewhere.</summary>
    Final = 2,

    /// <summary>It breaks off, or falls silent, after the caller has seen content.</summary>
    Breaks = 4,

    /// <summary>It can be served as it is: the caller gets the whole answer of this target at the first call.</summary>
    Harmless = 8,

    /// <summary>Usage is not told, so that what was served is billed by an estimate.</summary>
    Uncounted = 16,

    /// <summary>Some bytes come all the time: only the limit on the whole exchange can tell that no answer will.</summary>
    Endless = 32,
}
