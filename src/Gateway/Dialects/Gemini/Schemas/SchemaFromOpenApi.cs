using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>The schema of Google's own form (upper-case types, <c>nullable</c>, counts as text, names with underscores) as JSON Schema.</summary>
internal static class SchemaFromOpenApi
{
    /// <summary>Converts a schema.</summary>
    public static RawJson Convert(JsonElement schema) => GeminiSchemas.Raw(() => Whole(schema));

    private static JsonObject Whole(JsonElement schema)
    {
        var result = new JsonObject();
        if (schema.ValueKind != JsonValueKind.Object)
            return result;
        foreach (var member in schema.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                Add(result, GeminiJson.Camel(member.Name), member.Value);
        }

        if (schema.FlagOf("nullable"u8) == true)
            AllowNull(result);
        return result;
    }

    private static void Add(JsonObject result, string name, JsonElement value)
    {
        switch (name)
        {
            case "nullable":
                break;
            case "type" when value.Text()?.ToLowerInvariant() is { } type:
                if (type != "type_unspecified")
                    result["type"] = type;
                break;
            case "format" when value.Text() is "enum":
                break;
            case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties" when value.Text() is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var count):
                result[name] = count;
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                result["properties"] = Named(value);
                break;
            case "defs" or "$defs" when value.ValueKind == JsonValueKind.Object:
                result["$defs"] = Named(value);
                break;
            case "ref":
                result["$ref"] = GeminiSchemas.Node(value);
                break;
            case "items" when value.ValueKind == JsonValueKind.Object:
                result["items"] = Whole(value);
                break;
            case "anyOf":
                var branches = new JsonArray();
                foreach (var branch in value.Items())
                    branches.Add((JsonNode)Whole(branch));
                result["anyOf"] = branches;
                break;
            case "example":
                result["examples"] = new JsonArray(GeminiSchemas.Node(value));
                break;
            default:
                result[name] = GeminiSchemas.Node(value);
                break;
        }
    }

    private static JsonObject Named(JsonElement schemas)
    {
        var named = new JsonObject();
        foreach (var schema in schemas.EnumerateObject())
            named[schema.Name] = Whole(schema.Value);
        return named;
    }

    private static void AllowNull(JsonObject result)
    {
        if (result["type"] is JsonValue type)
            result["type"] = new JsonArray(type.DeepClone(), "null");
        else if (result["anyOf"] is JsonArray branches)
            branches.Add((JsonNode)new JsonObject { ["type"] = "null" });
        if (result["enum"] is JsonArray values)
            values.Add((JsonNode?)null);
    }
}
