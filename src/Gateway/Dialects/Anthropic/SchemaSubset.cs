using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Brings a JSON Schema down to what models can be held to on this wire. Keywords it has no place for go into the description, where the model
/// may heed them, and are reported. A schema that needs nothing stays as it is, byte for byte.
/// </summary>
internal sealed class SchemaSubset
{
    private static readonly string[] Formats = ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

    // Say nothing about the value.
    private static readonly string[] Silent = ["$schema", "$id", "$comment", "$anchor"];

    private readonly DroppedMembers _dropped;
    private bool _changed;

    private SchemaSubset(DroppedMembers dropped) => _dropped = dropped;

    /// <summary>Brings a schema down.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">What to call it in reports.</param>
    /// <param name="dropped">Told of the keywords that no longer bind.</param>
    /// <returns>Null when its sense would be lost: it refers to itself, or takes anything.</returns>
    public static RawJson? Restrict(RawJson schema, string path, DroppedMembers dropped)
    {
        using var document = schema.Parse();
        try
        {
            if (!SchemaReach.CanBeSaid(document.RootElement))
                return null;
            var subset = new SchemaSubset(dropped);
            var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 64);
            using (var json = WireJson.Writer(output))
                subset.Write(json, document.RootElement, path);
            return subset._changed ? new RawJson(output.WrittenSpan.ToArray()) : schema;
        }
        catch (InvalidOperationException)
        {
            return null; // a name that is no text (a lone surrogate)
        }
    }

    private void Write(Utf8JsonWriter json, JsonElement schema, string path)
    {
        json.WriteStartObject();
        if (schema.Text("$ref"u8) is { } reference)
        {
            WriteReference(json, schema, reference, path);
            json.WriteEndObject();
            return;
        }

        var notes = new StringBuilder();
        foreach (var member in schema.EnumerateObject())
            WriteMember(json, member, schema, path, notes);
        if (notes.Length > 0)
        {
            var description = schema.Text("description"u8);
            json.WriteText("description"u8, description is null ? $"({notes})" : $"{description} ({notes})");
        }
        else if (schema.Get("description"u8) is { ValueKind: JsonValueKind.String } description)
        {
            json.WritePropertyName("description"u8);
            description.WriteTo(json);
        }

        if (IsObject(schema))
        {
            _changed |= schema.Get("additionalProperties"u8).ValueKind != JsonValueKind.False;
            json.WriteBoolean("additionalProperties"u8, false);
        }

        json.WriteEndObject();
    }

    /// <summary>A reference stands alone, but for the definitions at the root.</summary>
    private void WriteReference(Utf8JsonWriter json, JsonElement schema, string reference, string path)
    {
        json.WriteText("$ref"u8, reference.Replace("#/definitions/", "#/$defs/", StringComparison.Ordinal));
        _changed |= reference.StartsWith("#/definitions/", StringComparison.Ordinal);
        foreach (var member in schema.EnumerateObject())
        {
            if (member.Name is "$defs" or "definitions")
                WriteMap(json, "$defs"u8, member, path);
            else if (member.Name != "$ref")
                Leave(member, path);
        }
    }

    private void WriteMember(Utf8JsonWriter json, JsonProperty member, JsonElement schema, string path, StringBuilder notes)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "type" or "title" or "enum" or "required":
                member.WriteTo(json);
                break;
            case "description":
                break; // written last, with the notes
            case "additionalProperties":
                if (IsObject(schema) && value.ValueKind != JsonValueKind.False)
                    Leave(member, path);
                break;
            case "const":
                _changed = true;
                json.WriteStartArray("enum"u8);
                value.WriteTo(json);
                json.WriteEndArray();
                break;
            case "properties":
                WriteMap(json, "properties"u8, member, path);
                break;
            case "$defs" or "definitions":
                WriteMap(json, "$defs"u8, member, path);
                break;
            case "anyOf" or "allOf":
                WriteList(json, member.Name, member, path);
                break;
            case "oneOf" when schema.Get("anyOf"u8).ValueKind != JsonValueKind.Array:
                _changed = true;
                WriteList(json, "anyOf", member, path);
                break;
            case "items" when value.ValueKind == JsonValueKind.Object:
                json.WritePropertyName("items"u8);
                Write(json, value, $"{path}.items");
                break;
            case "minItems" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var least) && least is 0 or 1:
                member.WriteTo(json);
                break;
            case "format" when Array.IndexOf(Formats, value.Text()) >= 0:
                member.WriteTo(json);
                break;
            default:
                if (Array.IndexOf(Silent, member.Name) < 0)
                    Note(member, path, notes);
                _changed = true;
                break;
        }
    }

    private void WriteMap(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonProperty member, string path)
    {
        _changed |= member.Name == "definitions";
        json.WriteStartObject(name);
        foreach (var entry in member.Value.EnumerateObject())
        {
            // Only a definition that nothing refers to can be anything else.
            if (entry.Value.ValueKind != JsonValueKind.Object)
            {
                _changed = true;
                continue;
            }

            json.WritePropertyName(entry.Name);
            Write(json, entry.Value, $"{path}.{member.Name}.{entry.Name}");
        }

        json.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter json, string name, JsonProperty member, string path)
    {
        json.WriteStartArray(name);
        var index = 0;
        foreach (var entry in member.Value.EnumerateArray())
            Write(json, entry, $"{path}.{member.Name}[{index++}]");
        json.WriteEndArray();
    }

    private void Note(JsonProperty member, string path, StringBuilder notes)
    {
        if (notes.Length > 0)
            notes.Append("; ");
        notes.Append(member.Name).Append(": ").Append(RawJson.Of(member.Value).ToString());
        Leave(member, path);
    }

    private void Leave(JsonProperty member, string path)
    {
        _changed = true;
        _dropped.Add($"{path}.{member.Name}");
    }

    private static bool IsObject(JsonElement schema)
    {
        var type = schema.Get("type"u8);
        return type.Text() == "object"
            || (type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.Text() == "object"))
            || (!type.Says() && schema.Get("properties"u8).ValueKind == JsonValueKind.Object);
    }
}
