using System.Text.Json;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Metering;

/// <summary>
/// Puts spool lines into the store, as blocks of what differs from line to line: a row for each cost more than all else about recording a reply. No string is made on the way.
/// One thread at a time.
/// </summary>
internal sealed class LedgerInserter : IDisposable
{
    /// <summary>16 MiB: pages that change often are copied into the file less often than by SQLite's own 4 MiB.</summary>
    private const int CheckpointPages = 4_000;

    /// <summary>Holds a batch and what it adds to.</summary>
    private const int CacheKiB = 16_000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly string _replica;
    private readonly long _number;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _advance;
    private readonly sqlite3_stmt _addHour;
    private readonly sqlite3_stmt _widenSpan;
    private readonly sqlite3_stmt _addSpanKey;
    private readonly EntryValues _entry = new();
    private readonly LedgerBlockWriter _block = new();
    private readonly BatchSums _sums;
    private readonly SpanBounds _span;

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
            _number = (long)command.ExecuteScalar()!;
            _sums = new BatchSums(_number);
        }

        SqliteDatabase.Execute(_connection, $"PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA cache_size=-{CacheKiB}");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _insert = Prepare(LedgerBlocks.Insert);
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

    /// <summary>Takes one entry as the spool holds it.</summary>
    /// <param name="sequence">Its sequence, which the line says too; sequences rise.</param>
    /// <param name="json">The line.</param>
    /// <exception cref="JsonException">The line is no entry: the batch must be rolled back.</exception>
    /// <exception cref="SqliteException">The database fails.</exception>
    /// <exception cref="OverflowException">Sums are too large for an integer.</exception>
    public void Insert(long sequence, ReadOnlySpan<byte> json)
    {
        SpoolLine.Read(json, _entry);
        var id = LedgerIds.Of(_number, sequence);
        if (LedgerSpans.Of(id) != LedgerSpans.Of(_block.Id))
            WriteBlock();
        _block.Add(id, _entry, _entry.Changed);
        _span.Add(id, _entry);
        _sums.Add(_entry, sequence > Inherited ? Inherited + 1 : 0);
    }

    /// <summary>Adds the batch to the spans and the hours' sums, moves the high-water mark and commits, in one.</summary>
    /// <exception cref="InvalidOperationException">Someone else moved the mark: nothing must be committed.</exception>
    public void Commit(long from, long to)
    {
        WriteBlock();
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
        _block.Clear();
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

    private void WriteBlock()
    {
        if (_block.Count == 0)
            return;
        raw.sqlite3_bind_int64(_insert, 1, _block.Id);
        raw.sqlite3_bind_blob(_insert, 2, _block.Bytes);
        Run(_insert);
        _block.Clear();
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
