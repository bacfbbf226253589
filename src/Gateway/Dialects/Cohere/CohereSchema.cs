using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Makes a JSON Schema one that Cohere's structured output takes: an object at the root, a required property in every object, no
/// composition but <c>anyOf</c>, no ranges and lengths, four formats. What is taken out is named.
/// </summary>
internal sealed class CohereSchema
{
    private static readonly string[] Unsupported =
        ["allOf", "not", "if", "then", "else", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minProperties", "maxProperties"];

    private static readonly string[] Formats = ["date-time", "uuid", "date", "time"];
    private static readonly string[] UnsupportedInPatterns = ["^", "$", "?=", "?!"];

    private readonly SortedSet<string> _changes = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter _json;

    private CohereSchema(Utf8JsonWriter json) => _json = json;

    /// <summary>The schema as Cohere takes it: as it stood when it may; missing when its root is no object.</summary>
    public static RawJson Fit(RawJson schema, string path, DroppedMembers dropped)
    {
        using var document = schema.Parse();
        if (document.RootElement.Text("type"u8) != "object")
        {
            dropped.Add(path);
            return default;
        }

        var output = new ArrayBufferWriter<byte>(schema.Utf8.Length);
        using var json = WireJson.Writer(output);
        var fitter = new CohereSchema(json);
        fitter.WriteSchema(document.RootElement);
        json.Flush();
        if (fitter._changes.Count == 0)
            return schema;
        dropped.Add($"{path} ({string.Join(", ", fitter._changes)})");
        return new RawJson(output.WrittenMemory);
    }

    /// <summary>Whether the schema of a tool has a required property.</summary>
    public static bool HasRequired(RawJson schema)
    {
        if (schema.IsMissing)
            return false;
        using var document = schema.Parse();
        return document.RootElement.Get("required"u8) is { ValueKind: JsonValueKind.Array } required && required.GetArrayLength() > 0;
    }

    private void WriteSchema(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(_json);
            return;
        }

        _json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
            WriteMember(member);
        var properties = schema.Get("properties"u8);
        var required = schema.Get("required"u8);
        if (properties.ValueKind == JsonValueKind.Object && properties.EnumerateObject().Any() && (required.ValueKind != JsonValueKind.Array || required.GetArrayLength() == 0))
        {
            _changes.Add("all properties required");
            _json.WriteStartArray("required"u8);
            foreach (var property in properties.EnumerateObject())
                _json.WriteStringValue(property.Name);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    private void WriteMember(JsonProperty member)
    {
        var isLost = Unsupported.Contains(member.Name)
            || (member.NameEquals("format"u8) && !Formats.Contains(member.Value.Text()))
            || (member.NameEquals("pattern"u8) && Array.Exists(UnsupportedInPatterns, p => member.Value.Text()?.Contains(p, StringComparison.Ordinal) == true));
        if (isLost)
        {
            _changes.Add($"without {member.Name}");
            return;
        }

        if (member.NameEquals("required"u8) && member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 0)
            return; // written by WriteSchema where there is something to require
        switch (member.Name)
        {
            case "properties" or "$defs" or "definitions" or "patternProperties" when member.Value.ValueKind == JsonValueKind.Object:
                _json.WriteStartObject(member.Name);
                foreach (var schema in member.Value.EnumerateObject())
                {
                    _json.WritePropertyName(schema.Name);
                    WriteSchema(schema.Value);
                }

                _json.WriteEndObject();
                break;
            case "anyOf" or "oneOf" or "prefixItems" when member.Value.ValueKind == JsonValueKind.Array:
                if (member.NameEquals("oneOf"u8))
                    _changes.Add("oneOf as anyOf");
                _json.WriteStartArray(member.NameEquals("oneOf"u8) ? "anyOf" : member.Name);
                foreach (var schema in member.Value.EnumerateArray())
                    WriteSchema(schema);
                _json.WriteEndArray();
                break;
            case "items" or "additionalProperties":
                _json.WritePropertyName(member.Name);
                WriteSchema(member.Value);
                break;
            default:
                member.WriteTo(_json);
                break;
        }
    }
}
