using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Testing;

/// <summary>What a query finds in the embedded database.</summary>
internal static class SqliteRows
{
    public static List<T> Read<T>(SqliteDatabase database, string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
