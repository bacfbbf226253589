using Gateway.Metering;

namespace Gateway.Routing.Shadow;

/// <summary>Records copies of requests as what they are.</summary>
/// <param name="ledger">Where to.</param>
/// <param name="observer">Who is told.</param>
internal sealed class ShadowRecord(ILedger ledger, IReplyObserver observer) : ILedger, IReplyObserver
{
    /// <summary>An entry of a copy.</summary>
    public static LedgerEntry Of(LedgerEntry entry) => entry with { Operation = LedgerOperations.Shadow };

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(LedgerEntry entry) => ledger.AppendAsync(Of(entry));

    /// <inheritdoc/>
    public void OnReply(LedgerEntry entry, string? provider) => observer.OnReply(Of(entry), provider);
}
