using System.Text;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>Sums over the ledger's store: over the hours' sums where whole hours are asked for, otherwise over the entries.</summary>
internal sealed class SpendingStore(SqliteDatabase database)
{
    private const string Common = "requested_model, provider, target_model";

    private static readonly int Operation = LedgerFields.IndexOf("operation");
    private static readonly int Model = LedgerFields.IndexOf("requested_model");
    private static readonly int Provider = LedgerFields.IndexOf("provider");
    private static readonly int Target = LedgerFields.IndexOf("target_model");
    private static readonly byte[] Shadow = Encoding.UTF8.GetBytes(LedgerOperations.Shadow);

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
        command.Parameters.AddWithValue("$replica", replica);
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$to", (object?)to ?? DBNull.Value);
        return bucket == 0 && from % LedgerTime.MicrosPerHour == 0 && (to ?? 0) % LedgerTime.MicrosPerHour == 0
            ? SumHours(query, command, inherited)
            : SumEntries(query, command, (from, to ?? long.MaxValue), bucket, inherited ?? long.MaxValue);
    }

    private static List<SpendingLine> SumHours(LedgerQuery query, SqliteCommand command, long? inherited)
    {
        var (column, id) = Owner(query);
        command.CommandText =
            $"SELECT {Common}, sum(requests), sum(tokens), sum(cost_nano_usd) FROM ledger_hours "
            + "WHERE replica = (SELECT number FROM ledger_replicas WHERE replica = $replica) AND hour >= $from / 3600000000 AND hour < coalesce($to / 3600000000, hour + 1) "
            + $"AND life < coalesce($inherited + 1, life + 1) AND {column} = $owner GROUP BY {Common}";
        command.Parameters.AddWithValue("$inherited", (object?)inherited ?? DBNull.Value);
        command.Parameters.AddWithValue("$owner", id);
        using var reader = command.ExecuteReader();
        var lines = new List<SpendingLine>();
        while (reader.Read())
            lines.Add(new SpendingLine(0, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        return lines;
    }

    // What hours are summed up by, said of single entries.
    private static List<SpendingLine> SumEntries(LedgerQuery query, SqliteCommand command, (long From, long To) times, long bucket, long inherited)
    {
        var (column, owner) = Owner(query);
        var isRule = query.KeyId?.StartsWith(LedgerOperations.RuleOwner, StringComparison.Ordinal) == true;
        var (field, id) = (LedgerFields.IndexOf(isRule ? "rule" : column), Encoding.UTF8.GetBytes(isRule ? owner[LedgerOperations.RuleOwner.Length..] : owner));
        command.CommandText =
            $"SELECT id, entries FROM {LedgerSpans.Blocks} WHERE {LedgerSpans.Replica} = (SELECT number FROM ledger_replicas WHERE replica = $replica) "
            + "AND greatest >= $from AND least < coalesce($to, least + 1)";
        if (column == "key_id" && !isRule)
        {
            command.CommandText += $" AND {LedgerSpans.HasKey("$owner")}";
            command.Parameters.AddWithValue("$owner", owner);
        }

        var lines = new Dictionary<(long Bucket, string Model, string Provider, string Target), SpendingLine>();
        foreach (var (_, entry) in LedgerBlocks.Read(command))
        {
            if (entry.Attempts == 0 || entry.TimeMicros < times.From || entry.TimeMicros >= times.To || entry.Sequence > inherited
                || entry[Operation].Text.SequenceEqual(Shadow) != isRule || entry[field].IsNull || !entry[field].Text.SequenceEqual(id))
                continue;
            var key = (bucket == 0 ? 0 : entry.TimeMicros / 1_000 / bucket, entry.Text(Model), entry.Text(Provider), entry.Text(Target));
            var line = lines.GetValueOrDefault(key) ?? new SpendingLine(key.Item1, key.Item2, key.Item3, key.Item4, 0, 0, 0);
            var usage = entry.Usage;
            lines[key] = line with
            {
                Requests = line.Requests + 1,
                Tokens = checked(line.Tokens + usage.Input + usage.Output),
                CostNanoUsd = checked(line.CostNanoUsd + entry.CostNanoUsd),
            };
        }

        return [.. lines.Values];
    }

    private static (string Column, string Id) Owner(LedgerQuery query) =>
        query.CustomerId is { } customer ? ("customer_id", customer)
        : query.TeamId is { } team ? ("team_id", team)
        : query.UserId is { } user ? ("user_id", user)
        : ("key_id", query.KeyId!);
}
