namespace Gateway.Metering;

/// <summary>Where the ledger keeps its files below the data directory.</summary>
internal static class LedgerPaths
{
    /// <summary>The directory of spool segments.</summary>
    public static string Spool(string dataDirectory) => Path.Combine(dataDirectory, "ledger");

    /// <summary>The file that is locked while a gateway uses the directory.</summary>
    public static string Lock(string dataDirectory) => Path.Combine(dataDirectory, "ledger", "lock");

    /// <summary>The file with the replica's id.</summary>
    public static string Replica(string dataDirectory) => Path.Combine(dataDirectory, "ledger", "replica");

    /// <summary>The database.</summary>
    public static string Database(string dataDirectory) => Path.Combine(dataDirectory, "gateway.db");
}
