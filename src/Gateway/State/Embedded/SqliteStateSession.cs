using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Gateway.State.Embedded;

/// <summary>A connection with its prepared commands. One thread at a time.</summary>
internal sealed class SqliteStateSession : IDisposable
{
    /// <summary>How long a write waits for another writer of the file, in seconds.</summary>
    private const int BusySeconds = 2;

    private const string Live = "(expires IS NULL OR expires > $now)";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _set;
    private readonly SqliteCommand _create;
    private readonly SqliteCommand _replace;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _deleteIf;
    private readonly SqliteCommand _sweep;

    public SqliteStateSession(SqliteDatabase database)
    {
        _connection = database.Connect();
        _connection.DefaultTimeout = BusySeconds;
        SqliteDatabase.Execute(_connection, $"PRAGMA busy_timeout={BusySeconds * 1_000}");
        _get = Prepare($"SELECT etag, value FROM state WHERE key = $key AND {Live}", "$key", "$now");
        _set = Prepare("INSERT OR REPLACE INTO state (key, value, expires) VALUES ($key, $value, $expires)", "$key", "$value", "$expires");
        _create = Prepare(
            $"INSERT OR REPLACE INTO state (key, value, expires) SELECT $key, $value, $expires WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = $key AND {Live})",
            "$key", "$value", "$expires", "$now");
        _replace = Prepare(
            $"INSERT OR REPLACE INTO state (key, value, expires) SELECT $key, $value, $expires WHERE EXISTS (SELECT 1 FROM state WHERE key = $key AND etag = $etag AND {Live})",
            "$key", "$value", "$expires", "$etag", "$now");
        _delete = Prepare("DELETE FROM state WHERE key = $key", "$key");
        _deleteIf = Prepare($"DELETE FROM state WHERE key = $key AND etag = $etag AND {Live}", "$key", "$etag", "$now");
        _sweep = Prepare("DELETE FROM state WHERE expires <= $now", "$now");
    }

    /// <summary>A living value, or null.</summary>
    public StateItem? Get(string key, DateTimeOffset now)
    {
        Bind(_get, key, Millis(now));
        using var reader = _get.ExecuteReader();
        return reader.Read() ? new StateItem(key, reader.GetFieldValue<byte[]>(1), reader.GetInt64(0).ToString(CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>Writes where there is no living value.</summary>
    public bool Create(string key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, DateTimeOffset now) =>
        Run(_create, key, value.ToArray(), Millis(expires), Millis(now));

    /// <summary>Makes one change.</summary>
    /// <returns>False: it met a conflict.</returns>
    public bool Apply(StateChange change, DateTimeOffset now)
    {
        if (change.ETag is null)
        {
            if (change.Value is { } any)
                Run(_set, change.Key, any.ToArray(), Millis(now + change.TimeToLive));
            else
                Run(_delete, change.Key);
            return true;
        }

        // What is no number was never given out.
        return long.TryParse(change.ETag, NumberStyles.None, CultureInfo.InvariantCulture, out var etag)
            && (change.Value is { } value
                ? Run(_replace, change.Key, value.ToArray(), Millis(now + change.TimeToLive), etag, Millis(now))
                : Run(_deleteIf, change.Key, etag, Millis(now)));
    }

    /// <summary>Makes all changes or none.</summary>
    public bool ApplyAll(IReadOnlyList<StateChange> changes, DateTimeOffset now)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        Enlist(transaction);
        try
        {
            foreach (var change in changes)
            {
                if (!Apply(change, now))
                    return false;
            }

            transaction.Commit();
            return true;
        }
        finally
        {
            Enlist(null);
        }
    }

    /// <summary>Deletes what has expired.</summary>
    public void Sweep(DateTimeOffset now) => Run(_sweep, Millis(now));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_get, _set, _create, _replace, _delete, _deleteIf, _sweep])
            command.Dispose();
        _connection.Dispose();
    }

    private static object Millis(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() : DBNull.Value;

    private static bool Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return command.ExecuteNonQuery() > 0;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private void Enlist(SqliteTransaction? transaction)
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_set, _replace, _delete, _deleteIf])
            command.Transaction = transaction;
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = BusySeconds;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        command.Prepare();
        return command;
    }
}
