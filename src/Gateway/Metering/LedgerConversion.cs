using System.Globalization;
using System.Text;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>Carries the entries of a ledger that earlier versions kept, a row of the table <c>ledger</c> for each, over into blocks.</summary>
internal static class LedgerConversion
{
    /// <summary>Does it, if it has not been done: all or nothing, in some ten microseconds an entry.</summary>
    /// <param name="database">The ledger's database.</param>
    /// <param name="logger">Told when there is something to do, for it may take a while.</param>
    public static void Run(SqliteDatabase database, ILogger logger)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var columns = Columns(connection);
        if (columns.Count == 0)
            return;
        var fields = columns.Select(LedgerFields.IndexOf).ToList();
        var (values, block) = (new EntryValues(), new LedgerBlockWriter());
        using (var command = connection.CreateCommand())
        {
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT id, {string.Join(", ", columns)} FROM ledger ORDER BY id");
            using var row = command.ExecuteReader();
            if (row.HasRows)
                LedgerLog.CarriesOver(logger, database.Path);
            while (row.Read())
            {
                var id = row.GetInt64(0);
                if (LedgerSpans.Of(id) != LedgerSpans.Of(block.Id))
                    LedgerBlocks.Add(connection, block);
                values.Begin();
                for (var i = 0; i < fields.Count; i++)
                    Set(values, fields[i], row.GetValue(i + 1));
                block.Add(id, values, values.Changed);
            }
        }

        LedgerBlocks.Add(connection, block);
        SqliteDatabase.Execute(connection, "DROP TABLE ledger");
        transaction.Commit();
    }

    private static List<string> Columns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info('ledger') WHERE name <> 'id'";
        using var reader = command.ExecuteReader();
        var columns = new List<string>();
        while (reader.Read())
            columns.Add(reader.GetString(0));
        return columns;
    }

    private static void Set(EntryValues values, int field, object value)
    {
        if (value is long number)
            values.Set(field, number);
        else if (value is string text)
            values.Set(field, Encoding.UTF8.GetBytes(text));
        else
            values.SetNull(field);
    }
}
