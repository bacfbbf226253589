using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Entities;

/// <summary>Reads one entity as strictly as gateway.json is read, reporting everything that is wrong at once.</summary>
internal static class EntityReader
{
    /// <summary>Reads an entity as the admin API takes it: without values or hashes of keys.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="json">A JSON object in UTF-8.</param>
    /// <param name="id">The id it must have; where it is given, the document need not repeat it.</param>
    public static EntityReading Read(EntityKind kind, ReadOnlySpan<byte> json, string? id = null)
    {
        var problems = new ProblemList();
        if (ConfigDocumentReader.Read(json, problems) is not { } node) return new EntityReading(null, Named(problems));
        if (id is not null)
        {
            if (node.Find("id") is { Kind: JsonValueKind.String } written && written.Text != id)
                problems.Add("$.id", "differs from the id in the address; leave it out");
            node.Set("id", new ConfigNode(JsonValueKind.String, id));
        }

        return Read(kind, EntitySettings.Written(kind), node, problems);
    }

    /// <summary>Reads an entity in the form that the journal keeps.</summary>
    public static EntityReading ReadKept(EntityKind kind, ReadOnlySpan<byte> json)
    {
        var problems = new ProblemList();
        return ConfigDocumentReader.Read(json, problems) is { } node
            ? Read(kind, EntitySettings.Kept(kind), node, problems)
            : new EntityReading(null, Named(problems));
    }

    private static EntityReading Read(EntityKind kind, ObjectShape shape, ConfigNode node, ProblemList problems)
    {
        shape.Check(node, JsonPath.Root, problems);
        EntityRules.Check(node, JsonPath.Root, problems);
        return problems.Items.Count > 0
            ? new EntityReading(null, Named(problems))
            : new EntityReading(EntityBinder.Bind(kind, node.Find("id")!.Text, node), []);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Named(ProblemList problems) =>
        [.. problems.Items.Select(p => KeyValuePair.Create(p.Path, p.Message))];
}
