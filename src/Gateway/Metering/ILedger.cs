namespace Gateway.Metering;

/// <summary>Where replies are recorded.</summary>
internal interface ILedger
{
    /// <summary>Records a reply. When the task is done the entry survives the death of this process.</summary>
    /// <returns>The entry's sequence within this replica.</returns>
    /// <exception cref="IOException">The entry could not be written.</exception>
    ValueTask<long> AppendAsync(LedgerEntry entry);

    /// <summary>What has been recorded of a key under a request id, newest first; what was appended before the call is among it.</summary>
    /// <exception cref="IOException">The ledger can't be read.</exception>
    ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(string keyId, string requestId) => ValueTask.FromResult<IReadOnlyList<LedgerEntry>>([]);
}
