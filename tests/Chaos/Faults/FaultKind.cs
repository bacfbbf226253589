namespace Chaos.Faults;

/// <summary>What the driver does to the cluster.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 a replica, and start it again on its data directory.</summary>
    Kill,

    /// <summary>Stop a sidecar's process for a while.</summary>
    Pause,

    /// <summary>Make the next conditional writes meet a conflict.</summary>
    Conflict,

    /// <summary>Make the next writes lose their answer after they have been done.</summary>
    LostAnswer,

    /// <summary>Cut the connection of the next calls.</summary>
    Drop,

    /// <summary>Deliver the next events twice.</summary>
    Duplicate,

    /// <summary>Make every call slow for a while.</summary>
    Slow,

    /// <summary>Let the clock run fast until shortly before the next full hour.</summary>
    Window,
}
