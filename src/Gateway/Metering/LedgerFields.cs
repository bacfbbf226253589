namespace Gateway.Metering;

/// <summary>
/// The fields of a ledger entry in their one order: in a spool line, in the store's blocks, in CSV and in JSON. Blocks know fields by their places: new ones come last, and there
/// may be 64.
/// </summary>
internal static class LedgerFields
{
    /// <summary>All fields; the two that identify an entry come first.</summary>
    public static readonly LedgerField[] All =
    [
        new("replica", entry => entry.Replica),
        new("sequence", LedgerFieldKind.Integer, entry => entry.Sequence),
        new("time", LedgerFieldKind.Time, entry => LedgerTime.ToMicros(entry.Time)),
        new("request_id", entry => entry.RequestId),
        new("key_id", entry => entry.KeyId),
        new("customer_id", entry => entry.CustomerId, nullable: true),
        new("team_id", entry => entry.TeamId, nullable: true),
        new("user_id", entry => entry.UserId, nullable: true),
        new("operation", entry => entry.Operation),
        new("requested_model", entry => entry.RequestedModel),
        new("target_model", entry => entry.TargetModel),
        new("response_model", entry => entry.ResponseModel, nullable: true),
        new("provider", entry => entry.Provider),
        new("response_id", entry => entry.ResponseId, nullable: true),
        new("input_tokens", LedgerFieldKind.Integer, entry => entry.Usage.Input),
        new("output_tokens", LedgerFieldKind.Integer, entry => entry.Usage.Output),
        new("cache_read_tokens", LedgerFieldKind.Integer, entry => entry.Usage.CacheRead),
        new("cache_write_tokens", LedgerFieldKind.Integer, entry => entry.Usage.CacheWrite),
        new("reasoning_tokens", LedgerFieldKind.Integer, entry => entry.Usage.Reasoning),
        new("audio_input_tokens", LedgerFieldKind.Integer, entry => entry.Usage.AudioInput),
        new("audio_output_tokens", LedgerFieldKind.Integer, entry => entry.Usage.AudioOutput),
        new("estimated", LedgerFieldKind.Flag, entry => entry.Estimated ? 1 : 0),
        new("cost_nano_usd", LedgerFieldKind.Integer, entry => entry.CostNanoUsd),
        new("price_version", entry => entry.PriceVersion),
        new("status", LedgerFieldKind.Integer, entry => entry.Status),
        new("outcome", entry => LedgerOutcomes.Name(entry.Outcome)),
        new("error_code", entry => entry.ErrorCode, nullable: true),
        new("finish_reason", entry => entry.FinishReason, nullable: true),
        new("streamed", LedgerFieldKind.Flag, entry => entry.Streamed ? 1 : 0),
        new("time_to_first_token_us", LedgerFieldKind.Integer, entry => entry.TimeToFirstTokenMicros, nullable: true),
        new("duration_us", LedgerFieldKind.Integer, entry => entry.DurationMicros),
        new("attempts", LedgerFieldKind.Integer, entry => entry.Attempts),
        new("search_units", LedgerFieldKind.Integer, entry => entry.Usage.SearchUnits),
        new("provider_key", entry => entry.ProviderKey, nullable: true),
        new("route", entry => entry.Route, nullable: true),
        new("rule", entry => entry.Rule, nullable: true),
        new("arm", entry => entry.Arm, nullable: true),
        new("wasted_nano_usd", LedgerFieldKind.Integer, entry => entry.WastedNanoUsd),
        new("attempt_list", LedgerFieldKind.Json, entry => entry.AttemptList is { } list ? AttemptJson.Write(list) : null, nullable: true),
    ];

    /// <summary>How many fields at the start of <see cref="All"/> the ledger sets itself.</summary>
    public const int IdentityCount = 2;

    /// <summary>The place of a field in <see cref="All"/>.</summary>
    /// <exception cref="ArgumentException">There is no such field.</exception>
    public static int IndexOf(string name)
    {
        var index = Array.FindIndex(All, field => field.Name == name);
        return index >= 0 ? index : throw new ArgumentException($"The ledger has no field {name}.", nameof(name));
    }
}
