namespace Gateway.Metering;

/// <summary>Told of every recorded reply: metrics and traces listen here.</summary>
internal interface IReplyObserver
{
    /// <summary>Called once per reply, on the request's own path: must be quick and must not throw.</summary>
    void OnReply(LedgerEntry entry);
}
