using System.Text;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>A query's filters: as SQL, its values as parameters of a command, for spans, and for entries as what their values must be.</summary>
internal sealed class LedgerFilter
{
    private readonly List<string> _spans = ["TRUE"];
    private readonly List<(int Field, byte[] Text)> _texts = [];
    private readonly SqliteCommand _command;
    private readonly long _from = long.MinValue;
    private readonly long _to = long.MaxValue;
    private readonly (long Time, long Id) _before = (long.MaxValue, long.MaxValue);

    /// <summary>Of a query; the command gets the parameters.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public LedgerFilter(LedgerQuery query, SqliteCommand command)
    {
        _command = command;
        if (query.From is { } from)
            AddSpan("greatest >= $from", "$from", _from = LedgerTime.ToMicrosCeiling(from));
        if (query.To is { } to)
            AddSpan("least < $to", "$to", _to = LedgerTime.ToMicrosCeiling(to));
        if (query.KeyId is { } key)
            AddSpan(LedgerSpans.HasKey("$key"), "$key", key);
        Add("key_id", query.KeyId);
        Add("customer_id", query.CustomerId);
        Add("team_id", query.TeamId);
        Add("user_id", query.UserId);
        Add("provider", query.Provider);
        Add("requested_model", query.Model);
        Add("outcome", query.Outcome is { } outcome ? LedgerOutcomes.Name(outcome) : null);
        Add("route", query.Route);
        Add("arm", query.Arm);
        Add("request_id", query.RequestId);
        if (query.Cursor is { } text)
        {
            var cursor = LedgerCursor.Parse(text);
            _before = (cursor.TimeMicros, cursor.Id);
            AddSpan("least <= $time", "$time", cursor.TimeMicros);
        }
    }

    /// <summary>What a span must be like to hold an entry that matches, as SQL.</summary>
    public string Spans => string.Join(" AND ", _spans);

    /// <summary>Whether an entry matches.</summary>
    public bool Matches(long id, EntryValues entry)
    {
        if (entry.TimeMicros < _from || entry.TimeMicros >= _to || (entry.TimeMicros, id).CompareTo(_before) >= 0)
            return false;
        foreach (var (field, text) in _texts)
        {
            if (entry[field].IsNull || !entry[field].Text.SequenceEqual(text))
                return false;
        }

        return true;
    }

    private void Add(string field, string? text)
    {
        if (text is not null)
            _texts.Add((LedgerFields.IndexOf(field), Encoding.UTF8.GetBytes(text)));
    }

    private void AddSpan(string condition, string parameter, object value)
    {
        _spans.Add(condition);
        _command.Parameters.AddWithValue(parameter, value);
    }
}
