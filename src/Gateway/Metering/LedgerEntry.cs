namespace Gateway.Metering;

/// <summary>
/// What one reply was and cost. Written durably before the reply's last byte is sent, applied exactly once
/// (<see cref="Replica"/> and <see cref="Sequence"/> identify it).
/// </summary>
internal sealed record LedgerEntry
{
    /// <summary>The replica that answered; set by the ledger.</summary>
    public string Replica { get; init; } = "";

    /// <summary>1, 2, 3… within the replica, without gaps across restarts; set by the ledger.</summary>
    public long Sequence { get; init; }

    /// <summary>When the request arrived, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The <c>x-request-id</c> of the reply.</summary>
    public required string RequestId { get; init; }

    /// <summary>The id (never the value) of the virtual key that called.</summary>
    public required string KeyId { get; init; }

    /// <summary>The customer that the key belonged to, or null.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The team that the key belonged to, or null.</summary>
    public string? TeamId { get; init; }

    /// <summary>The user that the key belonged to, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>What was asked, as OpenTelemetry's <c>gen_ai.operation.name</c>: chat, responses, text_completion, embeddings, realtime.</summary>
    public required string Operation { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The model the provider was asked for, the one that answered last; empty when no target was chosen.</summary>
    public string TargetModel { get; init; } = "";

    /// <summary>The model the provider says it answered with, or null.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>The id of the provider that answered last; empty when none was reached.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The provider's id of the response, or null.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Tokens by class, of all attempts that the caller pays for.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>True when <see cref="Usage"/> was counted by the gateway because the provider did not say, or the client left early.</summary>
    public bool Estimated { get; init; }

    /// <summary>Cost in nano-dollars (10⁻⁹ USD), rounded up once; 0 for replies that are not billed.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>The version of the price used, or "ceiling:…" when the model's own price is unknown, or "" when nothing was priced.</summary>
    public string PriceVersion { get; init; } = "";

    /// <summary>The HTTP status the client got.</summary>
    public int Status { get; init; }

    /// <summary>How the reply ended.</summary>
    public LedgerOutcome Outcome { get; init; }

    /// <summary>The stable code of the error, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The finish reason of the first choice in OpenAI's words, or null.</summary>
    public string? FinishReason { get; init; }

    /// <summary>True when the reply was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>Microseconds from the request's arrival to the first content byte of a stream, or null.</summary>
    public long? TimeToFirstTokenMicros { get; init; }

    /// <summary>Microseconds from the request's arrival to the moment the entry was written.</summary>
    public long DurationMicros { get; init; }

    /// <summary>How many times a provider was called for this reply.</summary>
    public int Attempts { get; init; }

    /// <summary>The id (never the value) of the provider's key that served; null where the provider has but one for the model.</summary>
    public string? ProviderKey { get; init; }

    /// <summary>The named route that the request took, or null when it asked for a model of a provider.</summary>
    public string? Route { get; init; }

    /// <summary>The rule that chose, or null.</summary>
    public string? Rule { get; init; }

    /// <summary>The arm of an experiment that the request belonged to, or null.</summary>
    public string? Arm { get; init; }

    /// <summary>What attempts cost that the client got nothing of, such as the slower of two at once, in nano-dollars: the operator's, and in no budget.</summary>
    public long WastedNanoUsd { get; init; }

    /// <summary>Each call of a provider; null when there was one and it answered, of which the fields above say all.</summary>
    public AttemptList? AttemptList { get; init; }
}
