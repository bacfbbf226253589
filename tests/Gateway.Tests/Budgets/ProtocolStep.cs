namespace Gateway.Tests.Budgets;

/// <summary>What can happen next.</summary>
public enum ProtocolStep
{
    /// <summary>A request reserves from the lease, if that suffices.</summary>
    Reserve,

    /// <summary>A request ends, having used at most what it reserved.</summary>
    Settle,

    /// <summary>A request ends, having used more.</summary>
    Overrun,

    /// <summary>A replica reads the value and computes its change, asking for something.</summary>
    Ask,

    /// <summary>A replica reads the value and computes its change, returning what is free.</summary>
    Return,

    /// <summary>The change arrives at the store, and the answer at the replica.</summary>
    Write,

    /// <summary>The change arrives at the store; the answer is lost.</summary>
    LoseAnswer,

    /// <summary>The replica gives up waiting; the change may arrive later.</summary>
    Delay,

    /// <summary>A delayed change arrives.</summary>
    Arrive,

    /// <summary>The replica is killed.</summary>
    Crash,

    /// <summary>A killed replica starts again.</summary>
    Restart,

    /// <summary>A job settles what a dead replica's expired lease held.</summary>
    SettleOrphan,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>The limit is edited.</summary>
    Edit,
}
