using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>
/// JSON Schema into the part of OpenAPI's schema that <c>parameters</c> and <c>responseSchema</c> take: references put in place,
/// <c>allOf</c> merged, <c>const</c> and <c>oneOf</c> said in the words there are, lists of types as <c>nullable</c> and <c>anyOf</c>.
/// </summary>
internal sealed class SchemaToOpenApi : SchemaConversion
{
    private SchemaToOpenApi(JsonElement root, List<string> lost)
        : base(root, lost)
    {
    }

    /// <summary>Converts a schema.</summary>
    /// <param name="schema">JSON Schema.</param>
    /// <param name="lost">Told the paths of what could not be kept.</param>
    public static RawJson Convert(RawJson schema, List<string> lost)
    {
        using var document = WireJson.Parse(schema.Utf8);
        return new SchemaToOpenApi(document.RootElement, lost).Convert();
    }

    protected override void Fill(JsonObject result, JsonElement schema, string path)
    {
        var types = SchemaValues.Texts(schema.Get("type"u8)).Select(name => name.ToLowerInvariant()).Distinct().ToList();
        var isNullable = types.Count > 1 && types.Remove("null");
        if (types.Count == 1)
            result["type"] = types[0];
        if (isNullable)
            result["nullable"] = true;
        foreach (var member in schema.EnumerateObject())
            Add(result, schema, member, path);
        if (types.Count > 1)
            SplitTypes(result, types, path);
        if (schema.Get("$ref"u8).Text() is { } reference)
            Refer(result, reference, path);
        foreach (var part in schema.Get("allOf"u8).Items())
            SchemaMerge.Into(result, Build(part, path + "allOf."), Lose(path));
    }

    private void Add(JsonObject result, JsonElement schema, JsonProperty member, string path)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "type" or "$ref" or "allOf" or "$defs" or "definitions" or "$id" or "$anchor":
                break; // read elsewhere, or put in place
            case "title" or "description" or "pattern" or "default" or "nullable" or "minItems" or "maxItems" or "minimum" or "maximum"
                or "minLength" or "maxLength" or "minProperties" or "maxProperties" or "required" or "propertyOrdering":
                result[member.Name] = GeminiSchemas.Node(value);
                break;
            case "format" when value.Text() is "int32" or "int64" or "float" or "double" or "date-time" or "enum":
                result["format"] = GeminiSchemas.Node(value);
                break;
            case "enum":
                SetEnum(result, value.Items().ToList(), path);
                break;
            case "const":
                SetEnum(result, [value], path);
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                result["properties"] = Named(value, path + "properties.");
                break;
            case "items" when value.ValueKind is JsonValueKind.Object:
                result["items"] = Whole(value, path + "items.");
                break;
            case "anyOf" or "oneOf" when !result.ContainsKey("anyOf"):
                SetAlternatives(result, value, $"{path}{member.Name}");
                break;
            default:
                AddOther(result, schema, member, path);
                break;
        }
    }

    private void Refer(JsonObject result, string reference, string path)
    {
        if (!Refs.TryEnter(reference, out var target))
        {
            // Most likely a schema within itself, which this form can't say: any object goes.
            Lost.Add(path + "$ref");
            result.TryAdd("type", "object");
            return;
        }

        SchemaMerge.Into(result, Build(target, path), Lose(path));
        Refs.Leave();
    }

    private void SplitTypes(JsonObject result, List<string> types, string path)
    {
        if (result.ContainsKey("anyOf"))
        {
            Lost.Add(path + "type");
            return;
        }

        result["anyOf"] = new JsonArray([.. types.Select(name => Split(result, name))]);
        foreach (var name in result.Select(member => member.Key).Where(name => HomeOf(name) is not null).ToList())
            result.Remove(name);
    }

    /// <summary>One of several types, with the members that speak of it.</summary>
    private static JsonObject Split(JsonObject schema, string type)
    {
        var one = new JsonObject { ["type"] = type };
        foreach (var (name, value) in schema)
        {
            if (HomeOf(name) == (type == "integer" ? "number" : type))
                one[name] = value?.DeepClone();
        }

        return one;
    }

    private static string? HomeOf(string member) => member switch
    {
        "properties" or "required" or "propertyOrdering" or "minProperties" or "maxProperties" => "object",
        "items" or "minItems" or "maxItems" => "array",
        "pattern" or "minLength" or "maxLength" or "enum" or "format" => "string",
        "minimum" or "maximum" => "number",
        _ => null,
    };

    private void SetEnum(JsonObject result, List<JsonElement> values, string path)
    {
        if (values.RemoveAll(value => value.ValueKind == JsonValueKind.Null) > 0)
            result["nullable"] = true;
        // Only texts can be enumerated, and not the empty one.
        if (values.TrueForAll(value => value.Text() is { Length: > 0 }) && values.Count > 0)
        {
            result["enum"] = SchemaValues.List(values.Select(value => value.Text()!));
            result.TryAdd("type", "string");
        }
        else if (values.Count > 0)
        {
            LoseEnum(result, values, path);
        }
    }

    private void SetAlternatives(JsonObject result, JsonElement alternatives, string path)
    {
        var branches = new JsonArray();
        var at = 0;
        foreach (var alternative in alternatives.Items())
        {
            var branchPath = $"{path}[{at++}].";
            if (alternative.Get("type"u8).Text() is { } type && type.Equals("null", StringComparison.OrdinalIgnoreCase))
            {
                result["nullable"] = true;
                continue;
            }

            branches.Add((JsonNode)Whole(alternative, branchPath));
        }

        if (branches.Count > 0)
            result["anyOf"] = branches;
    }

    /// <summary>Last touches on a schema that is whole: <c>anyOf</c> must stand alone, arrays need items, and objects only known properties.</summary>
    protected override void Settle(JsonObject result, string path)
    {
        if (result["anyOf"] is JsonArray branches)
            Distribute(result, branches, path);
        SchemaValues.KeepKnown(result, Lose(path));
        if (result["properties"] is JsonObject { Count: 0 })
            result.Remove("properties");
        if (Type(result) == "array" && !result.ContainsKey("items"))
        {
            Lost.Add(path + "items (texts assumed)");
            result["items"] = new JsonObject { ["type"] = "string" };
        }
    }

    private void Distribute(JsonObject result, JsonArray branches, string path)
    {
        result.Remove("anyOf");
        if (branches is [JsonObject only])
        {
            branches.Clear();
            SchemaMerge.Into(result, only, Lose(path + "anyOf."));
            return;
        }

        // Alternatives that only narrow what stands beside them, or stand beside too much to be repeated in each.
        if (result.ContainsKey("properties") || result.ContainsKey("items") || branches.All(branch => branch is JsonObject one && !IsWhole(one)))
        {
            Lost.Add(path + "anyOf");
            return;
        }

        foreach (var branch in branches.OfType<JsonObject>())
        {
            SchemaMerge.Into(branch, (JsonObject)result.DeepClone(), Lose(path + "anyOf."));
            SchemaValues.KeepKnown(branch, Lose(path + "anyOf."));
        }

        result.Clear();
        result["anyOf"] = branches;
    }

    private static bool IsWhole(JsonObject schema) => Type(schema) is not null || schema.ContainsKey("anyOf") || schema.ContainsKey("properties");

    private static string? Type(JsonObject schema) => schema["type"] is JsonValue value && value.TryGetValue<string>(out var type) ? type : null;
}
