namespace Gateway.Metering;

/// <summary>A replica that wrote into a ledger.</summary>
/// <param name="Replica">Its id.</param>
/// <param name="Number">Its number within the ledger.</param>
/// <param name="Applied">The last of its entries in the table.</param>
/// <param name="Published">The last of its entries that was published; the table still has all that come after.</param>
internal sealed record OutboxReplica(string Replica, long Number, long Applied, long Published);
