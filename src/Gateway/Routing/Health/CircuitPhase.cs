namespace Gateway.Routing.Health;

/// <summary>How a circuit stands.</summary>
internal enum CircuitPhase
{
    /// <summary>Requests go through.</summary>
    Closed,

    /// <summary>None does, until a trial is due.</summary>
    Open,

    /// <summary>One does, and decides.</summary>
    HalfOpen,
}
