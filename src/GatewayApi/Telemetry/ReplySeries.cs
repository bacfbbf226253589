using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>
/// The labels of one reply: an allow-list of names with few values. The model is the target's, never the client's free text;
/// keys and tenants are no labels at all.
/// </summary>
internal readonly record struct ReplySeries(string Operation, string Provider, string ProviderId, string Model, string Outcome, string? Error)
{
    /// <summary>Beyond this many series new models are counted as "other".</summary>
    public const int Max = 1_000;

    private static readonly string[] Outcomes = ["completed", "failed", "interrupted", "aborted"];

    /// <summary>The series of a reply.</summary>
    /// <param name="entry">The reply.</param>
    /// <param name="provider">What OpenTelemetry calls the provider; null when none was chosen.</param>
    /// <param name="known">How many series there are already.</param>
    public static ReplySeries Of(LedgerEntry entry, string? provider, int known) => new(
        entry.Operation,
        provider ?? "none",
        entry.Provider.Length == 0 ? "none" : entry.Provider,
        entry.TargetModel.Length == 0 ? "none" : known < Max ? entry.TargetModel : "other",
        Outcomes[(int)entry.Outcome],
        // A provider's own code may be anything.
        entry.ErrorCode is null || known < Max ? entry.ErrorCode : "other");
}
