namespace Gateway.Routing.Health;

/// <summary>Why a circuit opened last.</summary>
internal enum CircuitCause
{
    /// <summary>It never did.</summary>
    None,

    /// <summary>Calls failed one after the other.</summary>
    Consecutive,

    /// <summary>Too many of the last calls failed.</summary>
    Ratio,

    /// <summary>A call failed while other replicas, or the probe, said the target was down.</summary>
    Suspected,

    /// <summary>A call failed soon after a trial had gone well.</summary>
    Relapse,

    /// <summary>It did far worse than its siblings.</summary>
    Outlier,
}
