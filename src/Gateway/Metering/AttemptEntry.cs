using System.Text.Json.Serialization;

namespace Gateway.Metering;

/// <summary>One call of a provider in a ledger entry. Reasons and outcomes are words, so that a reader takes those of a newer gateway.</summary>
internal sealed record AttemptEntry
{
    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>The model it was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The id (never the value) of the provider's key that was used, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Why it was called: first, retry, fallback, hedge, resume.</summary>
    public required string Reason { get; init; }

    /// <summary>What became of it: completed, failed, interrupted, aborted, superseded.</summary>
    public required string Outcome { get; init; }

    /// <summary>The HTTP status of the provider, or null when it did not answer.</summary>
    public int? Status { get; init; }

    /// <summary>The stable code of the error, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Microseconds from the request's arrival to its beginning.</summary>
    [JsonPropertyName("start_us")]
    public long StartMicros { get; init; }

    /// <summary>Microseconds from its beginning to its end.</summary>
    [JsonPropertyName("duration_us")]
    public long DurationMicros { get; init; }

    /// <summary>Microseconds from its beginning to the first content that the client got of it, or null.</summary>
    [JsonPropertyName("time_to_first_token_us")]
    public long? TimeToFirstTokenMicros { get; init; }

    /// <summary>Microseconds that the gateway waited before it, on purpose.</summary>
    [JsonPropertyName("pause_us")]
    public long PauseMicros { get; init; }

    /// <summary>Its tokens, where it was billed or wasted.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Whether the gateway counted them, because the provider did not say.</summary>
    public bool Estimated { get; init; }

    /// <summary>Its part of the entry's cost, in nano-dollars; 0 when it was not billed.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>What it cost without any of it reaching the client, in nano-dollars: the operator's, not the caller's.</summary>
    public long WastedNanoUsd { get; init; }

    /// <summary>The version of the price used, or null when nothing was priced.</summary>
    public string? PriceVersion { get; init; }
}
