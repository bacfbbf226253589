using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAi;

/// <summary>
/// Whether a JSON Schema keeps to the subset OpenAI demands of strict tools and answers. Schemas from other wires often don't: those are
/// sent without <c>strict</c>, because with it the request would be refused.
/// </summary>
internal static class StrictSchema
{
    private static readonly string[] Forbidden = ["allOf", "not", "if", "then", "else", "oneOf", "dependentRequired", "dependentSchemas", "patternProperties"];

    /// <summary>Whether the schema, of a root object, may be sent as strict. No schema at all may.</summary>
    public static bool Accepts(RawJson schema)
    {
        if (schema.IsMissing)
            return true;
        using var document = schema.Parse();
        var root = document.RootElement;
        return root.Text("type"u8) == "object" && !root.Get("anyOf"u8).Says() && AcceptsSchema(root, 0);
    }

    private static bool AcceptsSchema(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 64)
            return false;
        foreach (var name in Forbidden)
        {
            if (schema.TryGetProperty(name, out _))
                return false;
        }

        return AcceptsObject(schema)
            && AcceptsMap(schema.Get("properties"u8), depth)
            && AcceptsMap(schema.Get("$defs"u8), depth)
            && AcceptsMap(schema.Get("definitions"u8), depth)
            && (!schema.Get("items"u8).Says() || AcceptsSchema(schema.Get("items"u8), depth + 1))
            && (schema.Get("anyOf"u8) is not { ValueKind: JsonValueKind.Array } any || any.EnumerateArray().All(s => AcceptsSchema(s, depth + 1)));
    }

    private static bool AcceptsMap(JsonElement map, int depth) =>
        map.ValueKind != JsonValueKind.Object || map.EnumerateObject().All(member => AcceptsSchema(member.Value, depth + 1));

    /// <summary>Objects must be closed and require all they have.</summary>
    private static bool AcceptsObject(JsonElement schema)
    {
        var properties = schema.Get("properties"u8);
        if (schema.Text("type"u8) != "object" && properties.ValueKind != JsonValueKind.Object)
            return true;
        if (schema.Flag("additionalProperties"u8) != false)
            return false;
        var count = properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Count() : 0;
        var required = schema.Get("required"u8);
        return count == (required.ValueKind == JsonValueKind.Array ? required.EnumerateArray().Count() : 0);
    }
}
