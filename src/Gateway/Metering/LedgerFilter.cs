using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>A query's filters as SQL, its values as parameters of a command.</summary>
internal sealed class LedgerFilter
{
    private readonly List<string> _spans = ["TRUE"];
    private readonly List<string> _entries = ["TRUE"];
    private readonly SqliteCommand _command;

    /// <summary>Of a query; the command gets the parameters.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public LedgerFilter(LedgerQuery query, SqliteCommand command)
    {
        _command = command;
        Add("time >= $from", "$from", query.From is { } from ? LedgerTime.ToMicrosCeiling(from) : null, "greatest >= $from");
        Add("time < $to", "$to", query.To is { } to ? LedgerTime.ToMicrosCeiling(to) : null, "least < $to");
        Add("key_id = $key", "$key", query.KeyId, LedgerSpans.HasKey("$key"));
        Add("customer_id = $customer", "$customer", query.CustomerId);
        Add("team_id = $team", "$team", query.TeamId);
        Add("user_id = $user", "$user", query.UserId);
        Add("provider = $provider", "$provider", query.Provider);
        Add("requested_model = $model", "$model", query.Model);
        Add("outcome = $outcome", "$outcome", query.Outcome is { } outcome ? LedgerOutcomes.Name(outcome) : null);
        Add("route = $route", "$route", query.Route);
        Add("arm = $arm", "$arm", query.Arm);
        Add("request_id = $request", "$request", query.RequestId);
        if (query.Cursor is { } text)
        {
            var cursor = LedgerCursor.Parse(text);
            Add("(time, id) < ($time, $id)", "$time", cursor.TimeMicros, "least <= $time");
            command.Parameters.AddWithValue("$id", cursor.Id);
        }
    }

    /// <summary>What a span must be like to hold an entry that matches.</summary>
    public string Spans => string.Join(" AND ", _spans);

    /// <summary>What an entry must be like.</summary>
    public string Entries => string.Join(" AND ", _entries);

    private void Add(string entries, string parameter, object? value, string? spans = null)
    {
        if (value is null)
            return;
        _entries.Add(entries);
        if (spans is not null)
            _spans.Add(spans);
        _command.Parameters.AddWithValue(parameter, value);
    }
}
