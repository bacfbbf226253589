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
        CustomerId = Text(row, 5),
        TeamId = Text(row, 6),
        UserId = Text(row, 7),
        Operation = row.GetString(8),
        RequestedModel = row.GetString(9),
        TargetModel = row.GetString(10),
        ResponseModel = Text(row, 11),
        Provider = row.GetString(12),
        ResponseId = Text(row, 13),
        Usage = new TokenUsage(
            Input: row.GetInt64(14),
            Output: row.GetInt64(15),
            CacheRead: row.GetInt64(16),
            CacheWrite: row.GetInt64(17),
            Reasoning: row.GetInt64(18),
            AudioInput: row.GetInt64(19),
            AudioOutput: row.GetInt64(20),
            SearchUnits: row.GetInt64(32)),
        Estimated = row.GetBoolean(21),
        CostNanoUsd = row.GetInt64(22),
        PriceVersion = row.GetString(23),
        Status = row.GetInt32(24),
        Outcome = LedgerOutcomes.TryParse(row.GetString(25), out var outcome)
            ? outcome
            : throw new InvalidDataException($"The ledger holds an unknown outcome, {row.GetString(25)}."),
        ErrorCode = Text(row, 26),
        FinishReason = Text(row, 27),
        Streamed = row.GetBoolean(28),
        TimeToFirstTokenMicros = row.IsDBNull(29) ? null : row.GetInt64(29),
        DurationMicros = row.GetInt64(30),
        Attempts = row.GetInt32(31),
        ProviderKey = Text(row, 33),
        Route = Text(row, 34),
        Rule = Text(row, 35),
        Arm = Text(row, 36),
        WastedNanoUsd = row.GetInt64(37),
        AttemptList = Text(row, 38) is { } list ? AttemptJson.Read(list) : null,
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
