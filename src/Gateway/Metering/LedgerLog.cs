using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>What the ledger logs.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(1, LogLevel.Warning, "Cut {Bytes} bytes of an unfinished line off the ledger spool; the last whole entry is {Sequence}")]
    public static partial void TornTail(ILogger logger, long bytes, long sequence);

    [LoggerMessage(2, LogLevel.Error, "Writing {Count} ledger entries failed; their replies are refused")]
    public static partial void AppendFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The ledger spool could not be cut back after a failed write; it is tried again before the next one")]
    public static partial void TruncateFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Flushing the ledger spool failed; replies are refused until it works again")]
    public static partial void FlushFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Flushing the ledger spool works again")]
    public static partial void FlushRecovered(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "Applying ledger entries after {Sequence} to the store failed; they stay in the spool and are tried again")]
    public static partial void ApplyFailed(ILogger logger, long sequence, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Applying ledger entries works again")]
    public static partial void ApplyRecovered(ILogger logger);

    [LoggerMessage(8, LogLevel.Information, "Carrying the entries of {Path} over into blocks, once; a million take about a quarter of a minute")]
    public static partial void CarriesOver(ILogger logger, string path);
}
