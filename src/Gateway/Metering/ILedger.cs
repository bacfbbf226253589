namespace Gateway.Metering;

/// <summary>Where replies are recorded.</summary>
internal interface ILedger
{
    /// <summary>Records a reply. When the task is done the entry survives the death of this process.</summary>
    /// <exception cref="IOException">The entry could not be written.</exception>
    ValueTask AppendAsync(LedgerEntry entry);
}
