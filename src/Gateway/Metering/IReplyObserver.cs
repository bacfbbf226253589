namespace Gateway.Metering;

/// <summary>Told of every recorded reply: metrics and traces listen here.</summary>
internal interface IReplyObserver
{
    /// <summary>Called once per reply, on the request's own path: must be quick and must not throw.</summary>
    /// <param name="entry">The reply.</param>
    /// <param name="provider">What OpenTelemetry calls the provider; null when none was chosen.</param>
    void OnReply(LedgerEntry entry, string? provider);
}
