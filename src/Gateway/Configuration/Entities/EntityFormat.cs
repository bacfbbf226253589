using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Entities;

/// <summary>The journal's form of entities: that of the admin API, and the hashes of keys.</summary>
internal sealed class EntityFormat : IEntityFormat
{
    /// <inheritdoc/>
    public byte[] Write(Entity entity)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            EntityWriter.WriteMembers(json, entity);
            if (entity is KeyEntity { Hashes.Count: > 0 } key) WriteHashes(json, key);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <inheritdoc/>
    public Entity Read(EntityKind kind, ReadOnlySpan<byte> json)
    {
        var problems = new ProblemList();
        return ConfigDocumentReader.Read(json, problems) is { } node && node.Find("id") is { Kind: JsonValueKind.String } id
            ? EntityBinder.Bind(kind, id.Text, node)
            : throw new InvalidDataException($"A {EntityKinds.Word(kind)} in the journal can't be read.");
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Check(Entity entity) => EntityReader.ReadKept(EntityKinds.Of(entity), Write(entity)).Problems;

    private static void WriteHashes(Utf8JsonWriter json, KeyEntity key)
    {
        json.WriteStartArray("hashes");
        foreach (var hash in key.Hashes)
        {
            json.WriteStartObject();
            json.WriteString("hash", "hmac-sha256:" + Convert.ToHexString(hash.Hash));
            if (hash.Until is { } until) EntityWriter.WriteMoment(json, "until", until);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
