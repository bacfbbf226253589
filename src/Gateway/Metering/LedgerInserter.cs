using System.Buffers.Text;
using System.Text.Json;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Metering;

/// <summary>
/// Puts spool lines into the table: prepared statements fed from the line's own bytes, no string is made on the way. One thread at a time.
/// </summary>
internal sealed class LedgerInserter : IDisposable
{
    /// <summary>A replica may write a million million entries, and there may be eight million replicas.</summary>
    public const int SequenceBits = 40;

    /// <summary>16 MiB: pages that change often are copied into the file less often than by SQLite's own 4 MiB.</summary>
    private const int CheckpointPages = 4_000;

    /// <summary>Holds a batch and what it adds to.</summary>
    private const int CacheKiB = 16_000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly string _replica;
    private readonly long _firstId;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _advance;
    private readonly sqlite3_stmt _addHour;
    private readonly sqlite3_stmt _widenSpan;
    private readonly sqlite3_stmt _addSpanKey;
    private readonly BoundValue[] _bound = new BoundValue[LedgerFields.All.Length + 1];
    private readonly BatchSums _sums;
    private readonly SpanBounds _span;
    private byte[] _unescaped = new byte[256];

    public LedgerInserter(SqliteDatabase database, string replica)
    {
        _replica = replica;
        _connection = database.Connect();
        _database = _connection.Handle!;
        using (var command = _connection.CreateCommand())
        {
            command.CommandText =
                "INSERT OR IGNORE INTO ledger_replicas (replica, applied) VALUES ($replica, 0); SELECT number FROM ledger_replicas WHERE replica = $replica";
            command.Parameters.AddWithValue("$replica", replica);
            var number = (long)command.ExecuteScalar()!;
            _firstId = number << SequenceBits;
            _sums = new BatchSums(number);
        }

        SqliteDatabase.Execute(_connection, $"PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA cache_size=-{CacheKiB}");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _insert = Prepare(
            $"INSERT INTO ledger ({string.Join(", ", LedgerFields.All.Select(field => field.Name))}, id) "
            + $"VALUES ({string.Join(", ", LedgerFields.All.Select(_ => "?"))}, ?)");
        _advance = Prepare("UPDATE ledger_replicas SET applied = ? WHERE replica = ? AND applied = ?");
        _addHour = Prepare(BatchSums.Upsert);
        _widenSpan = Prepare(SpanBounds.Widen);
        _addSpanKey = Prepare(SpanBounds.AddKey);
        _span = new SpanBounds(_widenSpan, _addSpanKey, Run);
    }

    /// <summary>The last sequence of the replica's earlier lives; changes only between batches.</summary>
    public long Inherited { get; set; }

    /// <summary>The sums of what was committed last.</summary>
    public RecentSums Recent { get; } = new();

    /// <summary>Begins a batch; takes the write lock.</summary>
    /// <exception cref="SqliteException">The database is locked or fails.</exception>
    public void Begin() => Run(_begin);

    /// <summary>Inserts one entry as the spool holds it.</summary>
    /// <exception cref="SqliteException">The entry is in the table already, or the database fails.</exception>
    /// <exception cref="OverflowException">Sums are too large for an integer.</exception>
    public void Insert(long sequence, ReadOnlySpan<byte> json)
    {
        if (!TryBindPlain(json))
            BindAny(json);
        var id = _firstId + sequence;
        raw.sqlite3_bind_int64(_insert, LedgerFields.All.Length + 1, id);
        Run(_insert);
        _span.Add(id, _bound);
        _sums.Add(_bound, sequence > Inherited ? Inherited + 1 : 0);
    }

    /// <summary>Adds the batch to the spans and the hours' sums, moves the high-water mark and commits, in one.</summary>
    /// <exception cref="InvalidOperationException">Someone else moved the mark: nothing must be committed.</exception>
    public void Commit(long from, long to)
    {
        _span.Write();
        _sums.Write(_addHour, Run);
        raw.sqlite3_bind_int64(_advance, 1, to);
        raw.sqlite3_bind_text(_advance, 2, _replica);
        raw.sqlite3_bind_int64(_advance, 3, from);
        Run(_advance);
        if (raw.sqlite3_changes(_database) != 1)
            throw new InvalidOperationException($"The ledger's high-water mark of replica {_replica} is not {from}: another process applies the same spool.");
        Run(_commit);
        if (Recent.IsWanted)
            Recent.Add(new SummedBatch(_replica, from + 1, to, _sums.Lines()), _sums.Bytes);
        _sums.Clear();
    }

    /// <summary>Undoes a batch that has begun; does nothing when none has.</summary>
    public void Rollback()
    {
        _span.Clear();
        _sums.Clear();
        if (raw.sqlite3_get_autocommit(_database) == 0)
            Run(_rollback);
    }

    /// <summary>Moves the write-ahead log into the file and syncs both.</summary>
    /// <returns>True when everything committed so far is on the disk.</returns>
    public bool Checkpoint()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using var reader = command.ExecuteReader();
        return reader.Read() && reader.GetInt32(0) == 0 && reader.GetInt32(1) == reader.GetInt32(2);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<sqlite3_stmt>)[_begin, _commit, _rollback, _insert, _advance, _addHour, _widenSpan, _addSpanKey])
            statement.Dispose();
        _connection.Dispose();
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    /// <summary>Binds a line that is written just as <see cref="SpoolBatch"/> writes one without escapes, which nearly every line is.</summary>
    /// <returns>False when it is not; then what is bound means nothing.</returns>
    private bool TryBindPlain(ReadOnlySpan<byte> json)
    {
        var fields = LedgerFields.All;
        for (var i = 0; i < fields.Length; i++)
        {
            var member = fields[i].SpoolMember;
            // The first byte is the brace or the comma before the member.
            if (json.Length <= member.Length || !json[1..].StartsWith(member.AsSpan(1)))
            {
                BindAbsent(fields[i], i + 1);
                continue;
            }

            json = json[member.Length..];
            int length;
            if (json[0] == '"')
            {
                length = json[1..].IndexOfAny((byte)'"', (byte)'\\') + 2;
                if (length < 2 || json[length - 1] == '\\')
                    return false;
                BindText(i + 1, json[1..(length - 1)]);
            }
            else if (json.StartsWith("true"u8))
            {
                length = 4;
                BindNumber(i + 1, 1);
            }
            else if (Utf8Parser.TryParse(json, out long number, out length))
            {
                BindNumber(i + 1, number);
            }
            else
            {
                return false;
            }

            json = json[length..];
        }

        return json.SequenceEqual("}"u8);
    }

    private void BindAny(ReadOnlySpan<byte> json)
    {
        var fields = LedgerFields.All;
        var next = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Members come in the order of the fields, some left out; a member nobody knows is a newer gateway's.
            var found = next;
            while (found < fields.Length && !reader.ValueTextEquals(fields[found].Utf8Name)) found++;
            if (found == fields.Length)
            {
                reader.Skip();
                continue;
            }

            while (next < found)
                BindAbsent(fields[next], ++next);
            reader.Read();
            Bind(ref reader, json, ++next);
        }

        while (next < fields.Length)
            BindAbsent(fields[next], ++next);
    }

    private void Bind(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int parameter)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                BindNumber(parameter, reader.GetInt64());
                break;
            case JsonTokenType.True:
                BindNumber(parameter, 1);
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                BindText(parameter, reader.ValueSpan);
                break;
            case JsonTokenType.String:
                if (_unescaped.Length < reader.ValueSpan.Length)
                    _unescaped = new byte[reader.ValueSpan.Length];
                BindText(parameter, _unescaped.AsSpan(0, reader.CopyString(_unescaped)));
                break;
            case JsonTokenType.StartObject:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                BindText(parameter, json[start..(int)reader.BytesConsumed]);
                break;
            default:
                throw new JsonException($"A ledger line holds a {reader.TokenType} where {LedgerFields.All[parameter - 1].Name} belongs.");
        }
    }

    private void BindAbsent(LedgerField field, int parameter)
    {
        if (field.Nullable)
            BindNull(parameter);
        else if (field.Kind == LedgerFieldKind.Text)
            BindText(parameter, []);
        else
            BindNumber(parameter, 0);
    }

    // A statement keeps what is bound to it, and most columns of neighbouring entries are equal: comparing is cheaper than binding again.
    private void BindNumber(int parameter, long value)
    {
        if (!_bound[parameter].Set(value))
            return;
        raw.sqlite3_bind_int64(_insert, parameter, value);
        _sums.Changed(parameter);
    }

    private void BindText(int parameter, ReadOnlySpan<byte> value)
    {
        if (!_bound[parameter].Set(value))
            return;
        raw.sqlite3_bind_text(_insert, parameter, value);
        _sums.Changed(parameter);
    }

    private void BindNull(int parameter)
    {
        if (!_bound[parameter].SetNull())
            return;
        raw.sqlite3_bind_null(_insert, parameter);
        _sums.Changed(parameter);
    }

    private void Run(sqlite3_stmt statement)
    {
        var step = raw.sqlite3_step(statement);
        var reset = raw.sqlite3_reset(statement);
        if (step != raw.SQLITE_DONE)
            Check(reset);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
