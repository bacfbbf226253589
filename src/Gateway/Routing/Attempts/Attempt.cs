using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers.Credentials;
using Gateway.Routing.Hedging;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call of a provider for a request, and what came of it. The reply is the client's only if the request keeps this attempt.</summary>
/// <param name="target">Who is called.</param>
/// <param name="wire">The wire it is spoken to on.</param>
/// <param name="reason">Why.</param>
/// <param name="began">When, as <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed class Attempt(TargetSnapshot target, Operation wire, AttemptReason reason, long began) : IDisposable
{
    /// <summary>Who is called.</summary>
    public TargetSnapshot Target { get; } = target;

    /// <summary>The wire on which it is spoken to.</summary>
    public Operation Wire { get; } = wire;

    /// <summary>Why it is called.</summary>
    public AttemptReason Reason { get; } = reason;

    /// <summary>When it began.</summary>
    public long Began { get; } = began;

    /// <summary>1 for the first of the request.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How many calls its target had let in when it began: the later of two calls has the larger number.</summary>
    public long Ticket { get; init; }

    /// <summary>How long the gateway waited before it, on purpose.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>What the target could not be told, or null when nothing was translated.</summary>
    public DroppedMembers? Dropped { get; init; }

    /// <summary>Keys of the provider's that this request has been refused with.</summary>
    public ProviderKey[] RefusedKeys { get; init; } = [];

    /// <summary>The provider's key that was used, or null.</summary>
    public ProviderKey? Key { get; set; }

    /// <summary>What the reply says of itself.</summary>
    public ReplyFacts Reply { get; set; } = new();

    /// <summary>What looks on at a stream, or null.</summary>
    public DialectStreamTap? Tap { get; set; }

    /// <summary>A whole reply that has not been sent yet; passes to the request that keeps this attempt.</summary>
    public PooledBuffer? Answer { get; set; }

    /// <summary>The end of a stream, held back.</summary>
    public ReadOnlyMemory<byte> Tail { get; set; }

    /// <summary>When the client was given the first content, as a timestamp; 0 when it was not.</summary>
    public long FirstContentAt { get; set; }

    /// <summary>Time spent waiting for the provider before its first byte.</summary>
    public TimeSpan UpstreamTime { get; set; }

    /// <summary>How it ended; failed until something better is known.</summary>
    public LedgerOutcome Outcome { get; set; } = LedgerOutcome.Failed;

    /// <summary>What went wrong, or null.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>Its part in a race with another attempt, or null.</summary>
    public HedgeRunner? Runner { get; set; }

    /// <summary>How long its target said to be left alone; null when it said nothing, and when another of its keys may be used at once.</summary>
    public TimeSpan? StayAway { get; set; }

    /// <summary>Whether the provider took the request on: what it does from then on it may bill.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>When it was over, as a timestamp; 0 before.</summary>
    public long Ended { get; set; }

    /// <summary>Notes that it is over now, unless that has been noted.</summary>
    /// <returns><see cref="Ended"/>.</returns>
    public long End(TimeProvider time) => Ended != 0 ? Ended : Ended = time.GetTimestamp();

    /// <summary>Notes what an answer's head says of the target and of the request.</summary>
    public void Observe(HttpResponseMessage response)
    {
        IsAccepted = response.IsSuccessStatusCode;
        if (Target.Provider.RateLimits is { } names)
            Target.State.Headroom.Observe(names, response.Headers);
    }

    /// <summary>Notes what went wrong.</summary>
    /// <param name="error">The error.</param>
    /// <param name="end">What may follow.</param>
    /// <returns><paramref name="end"/>.</returns>
    public AttemptEnd Fail(GatewayError error, AttemptEnd end)
    {
        Error = error;
        return end;
    }

    public void Dispose()
    {
        Tap?.Dispose();
        Answer?.Dispose();
    }
}
