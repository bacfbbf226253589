using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>The ledger as a list of what is still to be published, and of what may be forgotten once it has been.</summary>
internal sealed class UsageOutbox(SqliteDatabase database)
{
    /// <summary>Every replica that wrote into this ledger: the one that runs, and those the directory belonged to before.</summary>
    public IReadOnlyList<OutboxReplica> Replicas()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT replica, number, applied, published FROM ledger_replicas ORDER BY number";
        using var reader = command.ExecuteReader();
        var replicas = new List<OutboxReplica>();
        while (reader.Read())
            replicas.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return replicas;
    }

    /// <summary>The first entries that have not been published, in the order of their sequence; empty: none.</summary>
    public IReadOnlyList<LedgerEntry> Unpublished(OutboxReplica replica, int limit)
    {
        using var connection = database.Connect();
        return [.. Unpublished(connection, replica).Take(limit).Select(one => one.Entry.ToEntry())];
    }

    /// <summary>The first entries that have not been published, summed up; null: none. <see cref="RecentSums"/> cost less.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="limit">How many entries at most.</param>
    public SummedBatch? Summed(OutboxReplica replica, int limit)
    {
        var (first, last) = (replica.Published + 1, Math.Min(replica.Applied, replica.Published + limit));
        if (last < first)
            return null;
        using var connection = database.Connect();
        var sums = new BatchSums(replica.Number);
        foreach (var (_, entry) in LedgerBlocks.Read(connection, LedgerIds.Of(replica.Number, first), LedgerIds.Of(replica.Number, last)))
            sums.Add(entry, life: 0);
        return new SummedBatch(replica.Replica, first, last, sums.Lines());
    }

    /// <summary>When the first entry that has not been published was written; null: there is none.</summary>
    public DateTimeOffset? Oldest(OutboxReplica replica)
    {
        using var connection = database.Connect();
        foreach (var (_, entry) in Unpublished(connection, replica))
            return LedgerTime.FromMicros(entry.TimeMicros + entry.DurationMicros);
        return null;
    }

    /// <summary>Notes that a replica's entries have been published up to a sequence. The mark never goes back.</summary>
    public void Mark(string replica, long through)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE ledger_replicas SET published = max(published, $through) WHERE replica = $replica";
        command.Parameters.AddWithValue("$replica", replica);
        command.Parameters.AddWithValue("$through", through);
        command.ExecuteNonQuery();
    }

    /// <summary>Deletes published entries of requests that arrived before a moment, some at a time so that nobody waits long for the file.</summary>
    /// <returns>How many were deleted; fewer than the limit: there are no more.</returns>
    public int DeleteBefore(DateTimeOffset cutoff, int limit)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var deleted = 0;
        var replaced = new List<(long Id, LedgerBlockWriter Kept)>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT id, entries, published FROM {LedgerSpans.Blocks} JOIN ledger_replicas ON number = {LedgerSpans.Replica} WHERE least < $cutoff ORDER BY greatest";
            command.Parameters.AddWithValue("$cutoff", LedgerTime.ToMicrosCeiling(cutoff));
            using var rows = command.ExecuteReader();
            while (deleted < limit && rows.Read())
            {
                var (kept, left) = Without(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetInt64(2), LedgerTime.ToMicrosCeiling(cutoff), limit - deleted);
                if (left == limit - deleted)
                    continue;
                deleted = limit - left;
                replaced.Add((rows.GetInt64(0), kept));
            }
        }

        foreach (var (id, kept) in replaced)
        {
            LedgerBlocks.Delete(connection, id);
            LedgerBlocks.Add(connection, kept);
        }

        foreach (var span in replaced.Select(block => LedgerSpans.Of(block.Id)).Distinct())
            Narrow(connection, span);
        transaction.Commit();
        return deleted;
    }

    /// <summary>Forgets what was used in the hours that ended before a moment.</summary>
    /// <returns>How many sums were deleted.</returns>
    public int DeleteHoursBefore(DateTimeOffset cutoff)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM ledger_hours WHERE hour < $hour";
        command.Parameters.AddWithValue("$hour", LedgerTime.ToMicros(cutoff) / LedgerTime.MicrosPerHour);
        return command.ExecuteNonQuery();
    }

    private static IEnumerable<(long Id, EntryValues Entry)> Unpublished(SqliteConnection connection, OutboxReplica replica) =>
        LedgerBlocks.Read(connection, LedgerIds.Of(replica.Number, replica.Published + 1), LedgerIds.Of(replica.Number, replica.Applied));

    /// <summary>A block without its published entries from before a moment.</summary>
    /// <returns>The other entries, and how many more may be taken out.</returns>
    private static (LedgerBlockWriter Kept, int Left) Without(long id, byte[] block, long published, long cutoff, int left)
    {
        var reader = new LedgerBlockReader();
        var kept = new LedgerBlockWriter();
        var changed = 0UL;
        reader.Begin(id, block);
        while (reader.TryRead())
        {
            changed |= reader.Entry.Changed;
            if (left > 0 && reader.Entry.TimeMicros < cutoff && reader.Entry.Sequence <= published)
            {
                left--;
                continue;
            }

            kept.Add(reader.Id, reader.Entry, changed);
            changed = 0;
        }

        return (kept, left);
    }

    /// <summary>Makes a span as narrow as what it has left, or forgets it when it has nothing.</summary>
    private static void Narrow(SqliteConnection connection, long span)
    {
        var (first, last) = (span << LedgerSpans.Bits, ((span + 1) << LedgerSpans.Bits) - 1);
        var (least, greatest) = (long.MaxValue, long.MinValue);
        foreach (var (_, entry) in LedgerBlocks.Read(connection, first, last))
            (least, greatest) = (Math.Min(least, entry.TimeMicros), Math.Max(greatest, entry.TimeMicros));
        SqliteDatabase.Execute(connection, least > greatest
            ? $"DELETE FROM ledger_spans WHERE span = {span}; DELETE FROM ledger_span_keys WHERE span = {span}"
            : $"UPDATE ledger_spans SET least = {least}, greatest = {greatest} WHERE span = {span}");
    }
}
