namespace Gateway.Metering;

/// <summary>Where replies are recorded.</summary>
internal interface ILedger
{
    /// <summary>Records a reply. When the task is done the entry survives the death of this process.</summary>
    /// <returns>The entry's sequence within this replica.</returns>
    /// <exception cref="IOException">The entry could not be written.</exception>
    ValueTask<long> AppendAsync(LedgerEntry entry);
}
