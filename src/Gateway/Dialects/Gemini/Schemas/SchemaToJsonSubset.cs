using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>
/// JSON Schema into the part of it that <c>parametersJsonSchema</c> and <c>responseJsonSchema</c> take. References stay, but alone in
/// their schema; <c>allOf</c> is merged, <c>const</c> becomes <c>enum</c>.
/// </summary>
internal sealed class SchemaToJsonSubset : SchemaConversion
{
    private SchemaToJsonSubset(JsonElement root, List<string> lost)
        : base(root, lost)
    {
    }

    /// <summary>Converts a schema.</summary>
    /// <param name="schema">JSON Schema.</param>
    /// <param name="lost">Told the paths of what could not be kept.</param>
    public static RawJson Convert(RawJson schema, List<string> lost)
    {
        using var document = WireJson.Parse(schema.Utf8);
        return new SchemaToJsonSubset(document.RootElement, lost).Convert();
    }

    protected override void Fill(JsonObject result, JsonElement schema, string path)
    {
        foreach (var member in schema.EnumerateObject())
            Add(result, schema, member, path);
        if (schema.FlagOf("nullable"u8) == true && schema.Get("type"u8).Text() is { } type)
            result["type"] = SchemaValues.List([type.ToLowerInvariant(), "null"]);
        foreach (var part in schema.Get("allOf"u8).Items())
            Merge(result, part, path);
    }

    protected override void Settle(JsonObject result, string path)
    {
        if (result.ContainsKey("properties"))
            SchemaValues.KeepKnown(result, Lose(path));
    }

    private void Add(JsonObject result, JsonElement schema, JsonProperty member, string path)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "allOf" or "nullable":
                break;
            case "$ref":
                SetReference(result, schema, value.Text() ?? "");
                break;
            case "$id" or "$anchor" or "type" or "format" or "title" or "description" or "minItems" or "maxItems" or "minimum" or "maximum"
                or "required" or "propertyOrdering":
                result[member.Name] = GeminiSchemas.Node(value);
                break;
            case "$defs" or "definitions" when value.ValueKind == JsonValueKind.Object:
                result["$defs"] = Named(value, $"{path}{member.Name}.");
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                result["properties"] = Named(value, path + "properties.");
                break;
            case "items" when value.ValueKind != JsonValueKind.Array:
                result["items"] = Whole(value, path + "items.");
                break;
            case "additionalProperties":
                result["additionalProperties"] = value.ValueKind == JsonValueKind.Object ? Whole(value, path + "additionalProperties.") : GeminiSchemas.Node(value);
                break;
            case "items" or "prefixItems":
                result["prefixItems"] = List(value, $"{path}{member.Name}");
                break;
            case "anyOf" or "oneOf" when !result.ContainsKey("anyOf"):
                result["anyOf"] = List(value, $"{path}{member.Name}");
                break;
            case "enum":
                SetEnum(result, value.Items().ToList(), path);
                break;
            case "const":
                SetEnum(result, [value], path);
                break;
            default:
                AddOther(result, schema, member, path);
                break;
        }
    }

    /// <summary>A reference may have nothing beside it but members that begin with a dollar sign.</summary>
    private static void SetReference(JsonObject result, JsonElement schema, string reference)
    {
        if (reference.StartsWith("#/definitions/", StringComparison.Ordinal))
            reference = "#/$defs/" + reference["#/definitions/".Length..];
        var isAlone = schema.EnumerateObject().All(member => member.Name.StartsWith('$') || SchemaValues.IsRemark(member.Name));
        if (isAlone)
            result["$ref"] = reference;
        else
            result["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = reference });
    }

    private void Merge(JsonObject result, JsonElement part, string path)
    {
        var more = part.Get("$ref"u8).Text() is { } reference && Refs.TryEnter(reference, out var target)
            ? Entered(target, part, path)
            : Build(part, path + "allOf.");
        if (more.Remove("$ref", out var kept))
        {
            // A reference that can't be put in place: alone it can stand as the only alternative.
            more["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = kept });
        }

        SchemaMerge.Into(result, more, Lose(path + "allOf."));
    }

    private JsonObject Entered(JsonElement target, JsonElement part, string path)
    {
        var more = Build(target, path + "allOf.");
        Refs.Leave();
        foreach (var member in part.EnumerateObject())
        {
            if (member.Name is "title" or "description")
                more[member.Name] = GeminiSchemas.Node(member.Value);
        }

        return more;
    }

    private JsonArray List(JsonElement schemas, string path)
    {
        var list = new JsonArray();
        foreach (var schema in schemas.Items())
            list.Add((JsonNode)Whole(schema, $"{path}[{list.Count}]."));
        return list;
    }

    /// <summary>Texts and numbers can be enumerated. That null is allowed is said by the type, or else lost.</summary>
    private void SetEnum(JsonObject result, List<JsonElement> values, string path)
    {
        var hadNull = values.RemoveAll(value => value.ValueKind == JsonValueKind.Null) > 0;
        if (values.Count == 0)
        {
            if (hadNull)
                result.TryAdd("type", "null");
            return;
        }

        if (values.Exists(value => value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)))
        {
            LoseEnum(result, values, path);
            return;
        }

        var list = new JsonArray();
        values.ForEach(value => list.Add(GeminiSchemas.Node(value)));
        result["enum"] = list;
    }
}
