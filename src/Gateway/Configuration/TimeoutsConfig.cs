using Gateway.Transport;

namespace Gateway.Configuration;

/// <summary>A <c>timeouts</c> section: null members are those not written. Each is 1 ms to 1 day.</summary>
internal sealed record TimeoutsConfig
{
    /// <summary>See <see cref="TimeoutPolicy.Connect"/>.</summary>
    public TimeSpan? Connect { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.FirstToken"/>.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.Answer"/>.</summary>
    public TimeSpan? Answer { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.Idle"/>.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.Total"/>.</summary>
    public TimeSpan? Total { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.FinishGrace"/>.</summary>
    public TimeSpan? FinishGrace { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.KeepAliveHold"/>.</summary>
    public TimeSpan? KeepAliveHold { get; init; }

    /// <summary>See <see cref="TimeoutPolicy.KeepAliveInterval"/>.</summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>What is written here, and for the rest what a less specific level says, as far as the total allows.</summary>
    public TimeoutPolicy Over(TimeoutPolicy less)
    {
        var total = Total ?? less.Total;
        return new TimeoutPolicy
        {
            Connect = Connect ?? Within(less.Connect),
            FirstToken = FirstToken ?? Within(less.FirstToken),
            Answer = Answer ?? Within(less.Answer),
            Idle = Idle ?? Within(less.Idle),
            Total = total,
            FinishGrace = FinishGrace ?? Within(less.FinishGrace),
            KeepAliveHold = KeepAliveHold ?? less.KeepAliveHold,
            KeepAliveInterval = KeepAliveInterval ?? less.KeepAliveInterval,
        };

        // Who writes a short total must not have to write every other limit as well.
        TimeSpan Within(TimeSpan limit) => limit < total ? limit : total;
    }
}
