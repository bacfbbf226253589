using Gateway.Routing.Attempts;

namespace Gateway.Metering;

/// <summary>What the attempts of a request used together.</summary>
internal readonly record struct AttemptTotals
{
    public AttemptTotals()
    {
    }

    /// <summary>The tokens of those that the caller pays for.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Whether the gateway counted some of them.</summary>
    public bool Estimated { get; init; }

    /// <summary>What the caller pays, in nano-dollars.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>The price of the one that answered last.</summary>
    public string PriceVersion { get; init; } = "";

    /// <summary>What the operator pays, in nano-dollars.</summary>
    public long WastedNanoUsd { get; init; }

    /// <summary>The one that answered last; where none did, the last one that counts for the request; null when none was made.</summary>
    public Attempt? Answered { get; init; }

    /// <summary>Each of them, or null when there is no more to tell than the totals do.</summary>
    public AttemptList? List { get; init; }
}
