using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>The labels of a call of a provider. As with replies, the model is the target's, and keys and tenants are no labels.</summary>
internal readonly record struct TargetSeries(string ProviderId, string Model, string Reason, string Outcome, string? Error)
{
    /// <summary>The series of an attempt of a reply with several, or a failed one.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="known">How many series there are already; beyond <see cref="ReplySeries.Max"/> new models are counted as "other".</param>
    public static TargetSeries Of(AttemptEntry attempt, int known) => new(
        attempt.Provider,
        known < ReplySeries.Max ? attempt.Model : "other",
        attempt.Reason,
        attempt.Outcome,
        attempt.ErrorCode is null || known < ReplySeries.Max ? attempt.ErrorCode : "other");

    /// <summary>The series of the only attempt of a reply.</summary>
    public static TargetSeries Of(in ReplySeries reply) => new(reply.ProviderId, reply.Model, "first", reply.Outcome, reply.Error);
}
