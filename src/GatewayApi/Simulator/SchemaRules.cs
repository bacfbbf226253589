using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>The schemas that all hold for one value: itself, what it refers to, every allOf, the chosen anyOf or oneOf.</summary>
internal sealed class SchemaRules
{
    private const int MostSchemas = 64;
    private readonly List<JsonElement> _schemas = [];

    private SchemaRules()
    {
    }

    /// <summary>Follows the references of a schema.</summary>
    /// <param name="schema">The schema; anything but an object allows everything.</param>
    /// <param name="root">Where references start.</param>
    /// <param name="avoidRecursion">Whether to choose alternatives that refer to nothing.</param>
    public static SchemaRules Collect(JsonElement schema, JsonElement root, bool avoidRecursion)
    {
        var rules = new SchemaRules();
        rules.Add(schema, root, avoidRecursion);
        return rules;
    }

    /// <summary>The first value of a keyword; undefined when nobody has it. A null value counts: const may be null.</summary>
    public JsonElement Find(string keyword)
    {
        foreach (var schema in _schemas)
        {
            if (schema.TryGetProperty(keyword, out var value))
                return value;
        }

        return default;
    }

    /// <summary>A keyword's integer, or <paramref name="otherwise"/>.</summary>
    public int Integer(string keyword, int otherwise) =>
        Find(keyword) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? (int)Math.Clamp(number, 0, 100_000)
            : otherwise;

    /// <summary>The type to make: as said, else what the other keywords are about, else string.</summary>
    public string Type(bool preferNull)
    {
        var type = Find("type");
        if (type.ValueKind == JsonValueKind.String)
            return type.Text();
        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
        {
            var names = type.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.Text()).ToList();
            return preferNull && names.Contains("null") ? "null" : names.Find(name => name != "null") ?? "null";
        }

        if (Find("properties").Exists() || Find("required").Exists() || Find("additionalProperties").Exists())
            return "object";
        if (Find("items").Exists() || Find("prefixItems").Exists() || Find("minItems").Exists())
            return "array";
        return Find("minimum").Exists() || Find("maximum").Exists() || Find("multipleOf").Exists() ? "number" : "string";
    }

    /// <summary>Every declared property.</summary>
    public IEnumerable<(string Name, JsonElement Schema)> Properties()
    {
        foreach (var schema in _schemas)
        {
            if (schema.Member("properties") is not { ValueKind: JsonValueKind.Object } properties)
                continue;
            foreach (var property in properties.EnumerateObject())
                yield return (property.Name, property.Value);
        }
    }

    /// <summary>Every required property.</summary>
    public List<string> Required()
    {
        var names = new List<string>();
        foreach (var schema in _schemas)
        {
            if (schema.Member("required") is { ValueKind: JsonValueKind.Array } required)
                names.AddRange(required.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.Text()));
        }

        return names;
    }

    private void Add(JsonElement schema, JsonElement root, bool avoidRecursion)
    {
        // References may go round in circles.
        if (schema.ValueKind != JsonValueKind.Object || _schemas.Count >= MostSchemas)
            return;

        _schemas.Add(schema);
        if (schema.Member("$ref") is { ValueKind: JsonValueKind.String } reference)
            Add(SchemaPointer.Resolve(root, reference.Text()), root, avoidRecursion);
        if (schema.Member("allOf") is { ValueKind: JsonValueKind.Array } all)
        {
            foreach (var part in all.EnumerateArray())
                Add(part, root, avoidRecursion);
        }

        Add(Alternative(schema.Member("anyOf"), avoidRecursion), root, avoidRecursion);
        Add(Alternative(schema.Member("oneOf"), avoidRecursion), root, avoidRecursion);
    }

    private static JsonElement Alternative(JsonElement alternatives, bool avoidRecursion)
    {
        if (alternatives.ValueKind != JsonValueKind.Array || alternatives.GetArrayLength() == 0)
            return default;
        if (avoidRecursion)
        {
            foreach (var alternative in alternatives.EnumerateArray())
            {
                if (alternative.Raw().IndexOf("\"$ref\""u8) >= 0)
                    continue;
                return alternative;
            }
        }

        return alternatives[0];
    }
}
