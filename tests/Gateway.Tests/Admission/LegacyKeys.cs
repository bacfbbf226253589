using Gateway.State.Embedded;

namespace Gateway.Tests.Admission;

/// <summary>Keys as gateways kept them before there was a directory.</summary>
internal static class LegacyKeys
{
    public static void Add(SqliteDatabase database, string id, byte fill, long created)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO virtual_keys (id, name, hash, models, disabled, created) VALUES ($id, $name, $hash, $models, 0, $created)";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$name", $"name of {id}");
        command.Parameters.AddWithValue("$hash", Enumerable.Repeat(fill, 32).ToArray());
        command.Parameters.AddWithValue("$models", """["openai/*","my-model"]""");
        command.Parameters.AddWithValue("$created", created);
        command.ExecuteNonQuery();
    }
}
