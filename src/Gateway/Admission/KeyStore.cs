using System.Text.Json;
using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Admission;

/// <summary>Virtual keys and small deployment settings that live in the embedded database rather than in configuration.</summary>
internal sealed class KeyStore(SqliteDatabase database, TimeProvider time)
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

    /// <summary>Stores a new key.</summary>
    /// <exception cref="SqliteException">A key with this id or hash exists already.</exception>
    public void Add(VirtualKey key)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO virtual_keys (id, name, hash, models, disabled, created) VALUES ($id, $name, $hash, $models, $disabled, $created)";
        command.Parameters.AddWithValue("$id", key.Id);
        command.Parameters.AddWithValue("$name", key.Name);
        command.Parameters.AddWithValue("$hash", key.Hash);
        command.Parameters.AddWithValue("$models", JsonSerializer.Serialize([.. key.Models], KeyStoreJson.Default.ListString));
        command.Parameters.AddWithValue("$disabled", key.Disabled);
        command.Parameters.AddWithValue("$created", time.GetUtcNow().ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }

    /// <summary>Disables or enables a key; false when there is no key with this id.</summary>
    public bool SetDisabled(string id, bool disabled)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE virtual_keys SET disabled = $disabled WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$disabled", disabled);
        return command.ExecuteNonQuery() == 1;
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
