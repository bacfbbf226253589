using System.Text.Json;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Admission;

/// <summary>Small deployment settings in the embedded database, and the virtual keys that were kept there before there was a directory.</summary>
internal sealed class KeyStore(SqliteDatabase database)
{
    /// <summary>Every stored key, oldest first.</summary>
    public IReadOnlyList<VirtualKey> LoadAll()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, name, hash, models, disabled FROM virtual_keys ORDER BY created, id";
        using var reader = command.ExecuteReader();
        var keys = new List<VirtualKey>();
        while (reader.Read())
        {
            keys.Add(new VirtualKey
            {
                Id = reader.GetString(0),
                Name = reader.GetString(1),
                Hash = reader.GetFieldValue<byte[]>(2),
                Models = JsonSerializer.Deserialize(reader.GetString(3), KeyStoreJson.Default.ListString) ?? [],
                Disabled = reader.GetBoolean(4),
            });
        }

        return keys;
    }

    /// <summary>A setting, or null when it was never set.</summary>
    public byte[]? GetSetting(string key)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM settings WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        return (byte[]?)command.ExecuteScalar();
    }

    /// <summary>Sets or replaces a setting.</summary>
    public void SetSetting(string key, byte[] value)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }
}
