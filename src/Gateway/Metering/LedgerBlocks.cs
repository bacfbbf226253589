using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>Blocks as the store's table <c>ledger_blocks</c> has them: the id of the first entry, and neighbouring entries as <see cref="LedgerBlockWriter"/> writes them.</summary>
internal static class LedgerBlocks
{
    /// <summary>The statement that adds a block: its id and its entries.</summary>
    public const string Insert = "INSERT INTO ledger_blocks (id, entries) VALUES ($id, $entries)";

    // Those that may have entries from the first id to the last: the block before the first id may hold it.
    private const string Between =
        "SELECT id, entries FROM ledger_blocks WHERE id >= coalesce((SELECT max(id) FROM ledger_blocks WHERE id <= $first), $first) AND id <= $last ORDER BY id";

    /// <summary>Reads a replica's entries in the order of their sequence.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="first">The id to begin with.</param>
    /// <param name="last">The id to end with.</param>
    /// <returns>Each entry's id and the entry, which is the same object each time and valid until the next.</returns>
    /// <exception cref="InvalidDataException">A block is damaged.</exception>
    public static IEnumerable<(long Id, EntryValues Entry)> Read(SqliteConnection connection, long first, long last)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Between;
        command.Parameters.AddWithValue("$first", first);
        command.Parameters.AddWithValue("$last", last);
        foreach (var (id, entry) in Read(command))
        {
            if (id > last)
                yield break;
            if (id >= first)
                yield return (id, entry);
        }
    }

    /// <summary>Reads the entries of the blocks that a command finds; the first two columns are id and entries.</summary>
    /// <returns>Each entry's id and the entry, which is the same object each time and valid until the next.</returns>
    /// <exception cref="InvalidDataException">A block is damaged.</exception>
    public static IEnumerable<(long Id, EntryValues Entry)> Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var reader = new LedgerBlockReader();
        while (rows.Read())
        {
            reader.Begin(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
            while (reader.TryRead())
                yield return (reader.Id, reader.Entry);
        }
    }

    /// <summary>Deletes a block.</summary>
    public static void Delete(SqliteConnection connection, long id) => SqliteDatabase.Execute(connection, $"DELETE FROM ledger_blocks WHERE id = {id}");

    /// <summary>Adds a block, if it has any entries, and empties the writer.</summary>
    public static void Add(SqliteConnection connection, LedgerBlockWriter block)
    {
        if (block.Count == 0)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = Insert;
        command.Parameters.AddWithValue("$id", block.Id);
        command.Parameters.AddWithValue("$entries", block.Bytes.ToArray());
        command.ExecuteNonQuery();
        block.Clear();
    }
}
