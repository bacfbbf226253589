namespace Gateway.Metering;

/// <summary>How a ledger field is written.</summary>
internal enum LedgerFieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A boolean; 0 or 1 in the store.</summary>
    Flag,

    /// <summary>A moment: microseconds since 1970 in spool and store, ISO 8601 in the API.</summary>
    Time,

    /// <summary>A JSON value: as it is in spool and API, text in the store.</summary>
    Json,
}
