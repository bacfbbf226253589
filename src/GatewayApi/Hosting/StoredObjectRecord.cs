using Gateway.Protocol;
using Gateway.Routing.Stored;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace GatewayApi.Hosting;

/// <summary>The record of files and batches in the embedded database.</summary>
internal sealed class StoredObjectRecord(SqliteDatabase database) : IObjectRecord
{
    public void Add(string keyId, Operation kind, string provider, string id) =>
        Execute("INSERT INTO stored_objects (key_id, kind, provider, upstream_id) VALUES ($key, $kind, $provider, $id) ON CONFLICT DO NOTHING", keyId, kind, provider, id);

    public void Remove(string keyId, Operation kind, string provider, string id) =>
        Execute("DELETE FROM stored_objects WHERE key_id = $key AND kind = $kind AND provider = $provider AND upstream_id = $id", keyId, kind, provider, id);

    public IReadOnlyList<(string Provider, string Id)> List(string keyId, Operation kind, (string Provider, string Id)? after, int limit)
    {
        using var connection = database.Connect();
        using var command = Command(
            connection,
            """
            SELECT provider, upstream_id FROM stored_objects
            WHERE key_id = $key AND kind = $kind AND ($id = '' OR number < (
                SELECT number FROM stored_objects WHERE key_id = $key AND kind = $kind AND provider = $provider AND upstream_id = $id))
            ORDER BY number DESC LIMIT $limit
            """,
            keyId, kind, after?.Provider ?? "", after?.Id ?? "");
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var found = new List<(string, string)>();
        while (reader.Read())
            found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    public bool IsSettled(string keyId, string provider, string batch)
    {
        using var connection = database.Connect();
        using var command = Command(connection, "SELECT settled FROM stored_objects WHERE key_id = $key AND kind = $kind AND provider = $provider AND upstream_id = $id", keyId, Operation.Batches, provider, batch);
        return command.ExecuteScalar() is 1L;
    }

    public void Settle(string keyId, string provider, string batch) =>
        Execute("UPDATE stored_objects SET settled = 1 WHERE key_id = $key AND kind = $kind AND provider = $provider AND upstream_id = $id", keyId, Operation.Batches, provider, batch);

    public void NoteOutput(string keyId, string provider, string batch, string file)
    {
        using var connection = database.Connect();
        using var command = Command(
            connection,
            "UPDATE stored_objects SET output_id = $file WHERE key_id = $key AND kind = $kind AND provider = $provider AND upstream_id = $id AND output_id IS NOT $file",
            keyId, Operation.Batches, provider, batch);
        command.Parameters.AddWithValue("$file", file);
        command.ExecuteNonQuery();
    }

    public string? UnsettledBatch(string keyId, string provider, string file)
    {
        using var connection = database.Connect();
        using var command = Command(
            connection, "SELECT upstream_id FROM stored_objects WHERE key_id = $key AND kind = $kind AND provider = $provider AND output_id = $id AND settled = 0", keyId, Operation.Batches, provider, file);
        return (string?)command.ExecuteScalar();
    }

    private void Execute(string sql, string keyId, Operation kind, string provider, string id)
    {
        using var connection = database.Connect();
        using var command = Command(connection, sql, keyId, kind, provider, id);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string keyId, Operation kind, string provider, string id)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$key", keyId);
        command.Parameters.AddWithValue("$kind", kind.Name());
        command.Parameters.AddWithValue("$provider", provider);
        command.Parameters.AddWithValue("$id", id);
        return command;
    }
}
