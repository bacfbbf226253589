using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>Reads an entry from a row that has the columns of <see cref="LedgerFields.All"/> in their order.</summary>
internal static class LedgerRow
{
    /// <summary>The entry of the current row.</summary>
    public static LedgerEntry Read(SqliteDataReader row) => new()
    {
        Replica = row.GetString(0),
        Sequence = row.GetInt64(1),
        Time = LedgerTime.FromMicros(row.GetInt64(2)),
        RequestId = row.GetString(3),
        KeyId = row.GetString(4),
        Operation = row.GetString(5),
        RequestedModel = row.GetString(6),
        TargetModel = row.GetString(7),
        ResponseModel = Text(row, 8),
        Provider = row.GetString(9),
        ResponseId = Text(row, 10),
        Usage = new TokenUsage(
            Input: row.GetInt64(11),
            Output: row.GetInt64(12),
            CacheRead: row.GetInt64(13),
            CacheWrite: row.GetInt64(14),
            Reasoning: row.GetInt64(15),
            AudioInput: row.GetInt64(16),
            AudioOutput: row.GetInt64(17),
            SearchUnits: row.GetInt64(29)),
        Estimated = row.GetBoolean(18),
        CostNanoUsd = row.GetInt64(19),
        PriceVersion = row.GetString(20),
        Status = row.GetInt32(21),
        Outcome = LedgerOutcomes.TryParse(row.GetString(22), out var outcome)
            ? outcome
            : throw new InvalidDataException($"The ledger holds an unknown outcome, {row.GetString(22)}."),
        ErrorCode = Text(row, 23),
        FinishReason = Text(row, 24),
        Streamed = row.GetBoolean(25),
        TimeToFirstTokenMicros = row.IsDBNull(26) ? null : row.GetInt64(26),
        DurationMicros = row.GetInt64(27),
        Attempts = row.GetInt32(28),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
