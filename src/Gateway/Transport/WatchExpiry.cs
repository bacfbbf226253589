namespace Gateway.Transport;

/// <summary>Which limit of an exchange ran out.</summary>
internal enum WatchExpiry
{
    /// <summary>None: the client cancelled, or nothing did.</summary>
    None,

    /// <summary><see cref="TimeoutPolicy.FirstToken"/>.</summary>
    FirstToken,

    /// <summary><see cref="TimeoutPolicy.Idle"/>.</summary>
    Idle,

    /// <summary><see cref="TimeoutPolicy.FinishGrace"/>.</summary>
    FinishGrace,

    /// <summary><see cref="TimeoutPolicy.Total"/>.</summary>
    Total,
}
