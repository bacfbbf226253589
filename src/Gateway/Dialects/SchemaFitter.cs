using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>Brings a JSON Schema down to what a target can be held to. A schema that needs nothing stays as it is, byte for byte.</summary>
internal sealed class SchemaFitter
{
    private const string OldDefinitions = "#/definitions/";

    private readonly SchemaRules _rules;
    private readonly Utf8JsonWriter _json;
    private readonly List<SchemaChange> _changes = [];
    private bool _changed;

    private SchemaFitter(SchemaRules rules, Utf8JsonWriter json) => (_rules, _json) = (rules, json);

    /// <summary>Brings a schema down.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="rules">What the target takes.</param>
    /// <returns>The schema, and what changed its sense, in the schema's order.</returns>
    /// <exception cref="InvalidOperationException">A name in it is no text (a lone surrogate).</exception>
    public static (RawJson Schema, List<SchemaChange> Changes) Fit(RawJson schema, SchemaRules rules)
    {
        using var document = schema.Parse();
        var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 64);
        using var json = WireJson.Writer(output);
        var fitter = new SchemaFitter(rules, json);
        fitter.Write(document.RootElement, "");
        json.Flush();
        return (fitter._changed ? new RawJson(output.WrittenMemory) : schema, fitter._changes);
    }

    private void Write(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            RawJson.Of(schema).WriteTo(_json);
            return;
        }

        _json.WriteStartObject();
        if (_rules.IsolatesReferences && schema.Text("$ref"u8) is { } reference)
            WriteReference(schema, reference, path);
        else
            WriteMembers(schema, path);
        _json.WriteEndObject();
    }

    private void WriteMembers(JsonElement schema, string path)
    {
        var notes = _rules.DescribesLosses ? new StringBuilder() : null;
        foreach (var member in schema.EnumerateObject())
            WriteMember(member, schema, path, notes);
        var description = notes is null ? null : schema.Text("description"u8);
        if (notes?.Length > 0)
            _json.WriteText("description"u8, description is null ? $"({notes})" : $"{description} ({notes})");
        else if (description is not null)
            _json.WriteText("description"u8, description);
        if (_rules.ClosesObjects && IsObject(schema))
        {
            _changed |= schema.Get("additionalProperties"u8).ValueKind != JsonValueKind.False;
            _json.WriteBoolean("additionalProperties"u8, false);
        }

        if (_rules.RequiresProperties)
            RequireProperties(schema, path);
    }

    /// <summary>A reference stands alone, but for the definitions at the root.</summary>
    private void WriteReference(JsonElement schema, string reference, string path)
    {
        var isOld = reference.StartsWith(OldDefinitions, StringComparison.Ordinal);
        _changed |= isOld;
        _json.WriteText("$ref"u8, isOld ? "#/$defs/" + reference[OldDefinitions.Length..] : reference);
        foreach (var member in schema.EnumerateObject())
        {
            if (member.Name is "$defs" or "definitions")
                WriteMap(member, path);
            else if (member.Name != "$ref")
                Lose(member, path, null);
        }
    }

    private void WriteMember(JsonProperty member, JsonElement schema, string path, StringBuilder? notes)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "description" when notes is not null:
                break; // written last, with the notes
            case "additionalProperties" when _rules.ClosesObjects:
                if (value.ValueKind != JsonValueKind.False)
                    Lose(member, path, null);
                break; // written last
            case "required" when _rules.RequiresProperties && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0:
                break; // written last, where there is something to require
            case var name when !IsTaken(name, value, schema):
                _changed = true;
                if (!_rules.Silent.Contains(name))
                    Lose(member, path, notes);
                break;
            case "const" when _rules.EnumeratesConstants:
                _changed = true;
                _json.WriteStartArray("enum"u8);
                RawJson.Of(value).WriteTo(_json);
                _json.WriteEndArray();
                break;
            case "properties" or "patternProperties" or "$defs" or "definitions" when value.ValueKind == JsonValueKind.Object:
                WriteMap(member, path);
                break;
            case "anyOf" or "allOf" or "oneOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                WriteList(member, path);
                break;
            case "items" or "additionalProperties":
                _json.WritePropertyName(member.Name);
                Write(value, $"{path}.{member.Name}");
                break;
            default:
                _json.WriteRaw(member.Name, RawJson.Of(value));
                break;
        }
    }

    private bool IsTaken(string keyword, JsonElement value, JsonElement schema) => keyword switch
    {
        "format" => _rules.Formats.Contains(value.Text()),
        "oneOf" => schema.Get("anyOf"u8).ValueKind != JsonValueKind.Array, // of schemas that exclude each other, any is the same as one
        "items" when _rules.TakesOnlyObjects => value.ValueKind == JsonValueKind.Object,
        "minItems" when _rules.Taken is not null => _rules.Taken.Contains(keyword) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var least) && least is 0 or 1,
        "pattern" when Array.Exists(_rules.RefusedInPatterns, piece => value.Text()?.Contains(piece, StringComparison.Ordinal) == true) => false,
        _ => _rules.Taken?.Contains(keyword) ?? !_rules.Refused.Contains(keyword),
    };

    private void WriteMap(JsonProperty member, string path)
    {
        var isRenamed = _rules.IsolatesReferences && member.Name == "definitions";
        _changed |= isRenamed;
        _json.WriteStartObject(isRenamed ? "$defs" : member.Name);
        foreach (var entry in member.Value.EnumerateObject())
        {
            if (_rules.TakesOnlyObjects && entry.Value.ValueKind != JsonValueKind.Object)
            {
                _changed = true; // no property: a definition that nothing refers to
                continue;
            }

            _json.WritePropertyName(entry.Name);
            Write(entry.Value, $"{path}.{member.Name}.{entry.Name}");
        }

        _json.WriteEndObject();
    }

    private void WriteList(JsonProperty member, string path)
    {
        if (member.Name == "oneOf")
            Change(new SchemaChange(path, null, "oneOf as anyOf"));
        _json.WriteStartArray(member.Name == "oneOf" ? "anyOf" : member.Name);
        var index = 0;
        foreach (var entry in member.Value.EnumerateArray())
            Write(entry, $"{path}.{member.Name}[{index++}]");
        _json.WriteEndArray();
    }

    private void RequireProperties(JsonElement schema, string path)
    {
        var properties = schema.Get("properties"u8);
        if (properties.ValueKind != JsonValueKind.Object || !properties.EnumerateObject().Any() || schema.Get("required"u8) is { ValueKind: JsonValueKind.Array } required && required.GetArrayLength() > 0)
            return;
        Change(new SchemaChange(path, null, "all properties required"));
        _json.WriteStartArray("required"u8);
        foreach (var property in properties.EnumerateObject())
            _json.WriteStringValue(property.Name);
        _json.WriteEndArray();
    }

    private void Lose(JsonProperty member, string path, StringBuilder? notes)
    {
        notes?.Append(notes.Length > 0 ? "; " : "").Append(member.Name).Append(": ").Append(RawJson.Of(member.Value).ToString());
        Change(new SchemaChange(path, member.Name, $"without {member.Name}"));
    }

    private void Change(SchemaChange change)
    {
        _changed = true;
        _changes.Add(change);
    }

    private static bool IsObject(JsonElement schema)
    {
        var type = schema.Get("type"u8);
        return type.Text() == "object"
            || (type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.Text() == "object"))
            || (!type.Says() && schema.Get("properties"u8).ValueKind == JsonValueKind.Object);
    }
}
