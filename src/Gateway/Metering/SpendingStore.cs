using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>Sums over the ledger's table: over the hours' sums where whole hours are asked for, otherwise over the entries.</summary>
internal sealed class SpendingStore(SqliteDatabase database)
{
    private const string Common = "requested_model, provider, target_model";

    /// <summary>Sums a replica's entries up.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="query">Whose and when.</param>
    /// <param name="bucket">The size of buckets in milliseconds; 0: none.</param>
    /// <param name="inherited">Only entries up to this sequence, the last of the replica's earlier lives; null: all.</param>
    public IReadOnlyList<SpendingLine> Sum(string replica, LedgerQuery query, long bucket, long? inherited)
    {
        var from = query.From is { } start ? LedgerTime.ToMicrosCeiling(start) : 0;
        var to = query.To is { } end ? LedgerTime.ToMicrosCeiling(end) : (long?)null;
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = bucket == 0 && from % LedgerTime.MicrosPerHour == 0 && (to ?? 0) % LedgerTime.MicrosPerHour == 0
            ? "SELECT 0, " + Common + ", sum(requests), sum(tokens), sum(cost_nano_usd) FROM ledger_hours "
                + "WHERE replica = (SELECT number FROM ledger_replicas WHERE replica = $replica) AND hour >= $from / 3600000000 AND hour < coalesce($to / 3600000000, hour + 1) "
                + "AND life < coalesce($inherited + 1, life + 1)" + Owner(query, command, " AND ") + " GROUP BY " + Common
            : (bucket == 0 ? "SELECT 0, " : "SELECT time / 1000 / $bucket AS bucket, ") + Common + ", count(*), sum(input_tokens + output_tokens), sum(cost_nano_usd) "
                + $"FROM {LedgerSpans.Entries} WHERE {LedgerSpans.Replica} = (SELECT number FROM ledger_replicas WHERE replica = $replica) "
                + "AND greatest >= $from AND least < coalesce($to, least + 1) AND attempts > 0 AND time >= $from AND time < coalesce($to, time + 1) "
                + "AND sequence <= coalesce($inherited, sequence)" + EntryOwner(query, command) + " GROUP BY " + (bucket == 0 ? "" : "bucket, ") + Common;
        command.Parameters.AddWithValue("$replica", replica);
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$to", (object?)to ?? DBNull.Value);
        command.Parameters.AddWithValue("$inherited", (object?)inherited ?? DBNull.Value);
        if (bucket != 0)
            command.Parameters.AddWithValue("$bucket", bucket);
        using var reader = command.ExecuteReader();
        var lines = new List<SpendingLine>();
        while (reader.Read())
            lines.Add(new SpendingLine(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)));
        return lines;
    }

    // What hours are summed up by, said of single entries.
    private static string EntryOwner(LedgerQuery query, SqliteCommand command)
    {
        if (query.KeyId?.StartsWith(LedgerOperations.RuleOwner, StringComparison.Ordinal) != true)
        {
            var spans = query is { CustomerId: null, TeamId: null, UserId: null } ? $" AND {LedgerSpans.HasKey("$owner")}" : "";
            return Owner(query, command, $"{spans} AND operation <> '{LedgerOperations.Shadow}' AND ");
        }

        command.Parameters.AddWithValue("$rule", query.KeyId[LedgerOperations.RuleOwner.Length..]);
        return $" AND operation = '{LedgerOperations.Shadow}' AND rule = $rule";
    }

    private static string Owner(LedgerQuery query, SqliteCommand command, string before)
    {
        var (column, id) =
            query.CustomerId is { } customer ? ("customer_id", customer)
            : query.TeamId is { } team ? ("team_id", team)
            : query.UserId is { } user ? ("user_id", user)
            : ("key_id", query.KeyId!);
        command.Parameters.AddWithValue("$owner", id);
        return $"{before}{column} = $owner";
    }
}
