using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>The ledger as a table that can be asked.</summary>
internal sealed class LedgerStore(SqliteDatabase database)
{
    private static readonly string Columns = string.Join(", ", LedgerFields.All.Select(field => field.Name));

    /// <summary>The last sequence of a replica that is in the table.</summary>
    public long AppliedThrough(string replica)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT applied FROM ledger_replicas WHERE replica = $replica";
        command.Parameters.AddWithValue("$replica", replica);
        return (long?)command.ExecuteScalar() ?? 0;
    }

    /// <summary>A page of entries, newest first.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public LedgerPage Query(LedgerQuery query)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns}, id FROM ledger{Where(query, command)} ORDER BY time DESC, id DESC LIMIT $limit";
        // One more than asked tells whether there is another page.
        command.Parameters.AddWithValue("$limit", query.Limit + 1);
        using var reader = command.ExecuteReader();
        var entries = new List<LedgerEntry>();
        long lastId = 0;
        while (reader.Read())
        {
            if (entries.Count == query.Limit)
                return new LedgerPage(entries, new LedgerCursor(LedgerTime.ToMicros(entries[^1].Time), lastId).ToString());
            entries.Add(LedgerRow.Read(reader));
            lastId = reader.GetInt64(LedgerFields.All.Length);
        }

        return new LedgerPage(entries, null);
    }

    /// <summary>What a key used, by requested model.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="from">First moment, or null for the beginning.</param>
    /// <param name="to">First moment that is no longer counted, or null for now.</param>
    public UsageSummary Summarize(string keyId, DateTimeOffset? from, DateTimeOffset? to)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT requested_model, count(*), sum(estimated), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), "
            + "sum(cache_write_tokens), sum(reasoning_tokens), sum(audio_input_tokens), sum(audio_output_tokens), sum(cost_nano_usd), sum(search_units) "
            + $"FROM ledger{Where(new LedgerQuery { KeyId = keyId, From = from, To = to }, command)} GROUP BY requested_model ORDER BY requested_model";
        using var reader = command.ExecuteReader();
        var models = new List<ModelUsage>();
        while (reader.Read())
        {
            var usage = new TokenUsage(
                reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(11));
            models.Add(new ModelUsage(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), usage, reader.GetInt64(10)));
        }

        return new UsageSummary(keyId, from, to, models);
    }

    private static string Where(LedgerQuery query, SqliteCommand command)
    {
        var terms = new List<string>();
        Add("time >= ", "$from", query.From is { } from ? LedgerTime.ToMicrosCeiling(from) : null);
        Add("time < ", "$to", query.To is { } to ? LedgerTime.ToMicrosCeiling(to) : null);
        Add("key_id = ", "$key", query.KeyId);
        Add("customer_id = ", "$customer", query.CustomerId);
        Add("team_id = ", "$team", query.TeamId);
        Add("user_id = ", "$user", query.UserId);
        Add("provider = ", "$provider", query.Provider);
        Add("requested_model = ", "$model", query.Model);
        Add("outcome = ", "$outcome", query.Outcome is { } outcome ? LedgerOutcomes.Name(outcome) : null);
        Add("route = ", "$route", query.Route);
        Add("arm = ", "$arm", query.Arm);
        Add("request_id = ", "$request", query.RequestId);
        if (query.Cursor is { } text)
        {
            var cursor = LedgerCursor.Parse(text);
            terms.Add("(time, id) < ($time, $id)");
            command.Parameters.AddWithValue("$time", cursor.TimeMicros);
            command.Parameters.AddWithValue("$id", cursor.Id);
        }

        return terms.Count == 0 ? "" : " WHERE " + string.Join(" AND ", terms);

        void Add(string term, string parameter, object? value)
        {
            if (value is null)
                return;
            terms.Add(term + parameter);
            command.Parameters.AddWithValue(parameter, value);
        }
    }
}
