using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// Fits a JSON Schema to what Bedrock's structured output takes: closed objects, and no limits on numbers, lengths or counts. What is taken
/// away is reported. A schema that fits already keeps its bytes.
/// </summary>
internal static class ConverseSchema
{
    private static readonly string[] Kept =
        ["type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "title", "description", "default"];

    private static readonly string[] Formats =
        ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

    /// <summary>The schema, fitted; a missing one stays missing.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it stands, for reports.</param>
    /// <param name="dropped">Told what is taken away.</param>
    public static RawJson Fit(RawJson schema, string path, DroppedMembers dropped)
    {
        if (schema.IsMissing)
            return schema;
        using var document = schema.Parse();
        var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 64);
        var changed = false;
        using (var writer = WireJson.Writer(output))
            Write(writer, document.RootElement, path, dropped, ref changed);
        return changed ? new RawJson(output.WrittenMemory) : schema;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement schema, string path, DroppedMembers dropped, ref bool changed)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            RawJson.Of(schema).WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        var isClosed = false;
        foreach (var member in schema.EnumerateObject())
        {
            var name = member.Name;
            var value = member.Value;
            if (name == "additionalProperties")
            {
                isClosed = true;
                if (value.ValueKind != JsonValueKind.False)
                    Lose(name, ref changed);
                writer.WriteBoolean("additionalProperties"u8, false);
            }
            else if (name == "oneOf")
            {
                changed = true; // of schemas that exclude each other it means the same
                writer.WritePropertyName("anyOf"u8);
                WriteList(writer, value, path, dropped, ref changed);
            }
            else if (!IsKept(name, value))
            {
                Lose(name, ref changed);
            }
            else
            {
                writer.WritePropertyName(name);
                WriteMember(writer, name, value, path, dropped, ref changed);
            }
        }

        if (!isClosed && (schema.Text("type"u8) == "object" || schema.Get("properties"u8).Says()))
        {
            changed = true;
            writer.WriteBoolean("additionalProperties"u8, false);
        }

        writer.WriteEndObject();

        void Lose(string name, ref bool changed)
        {
            changed = true;
            dropped.Add($"{path} ({name})");
        }
    }

    private static bool IsKept(string name, JsonElement value) => name switch
    {
        "format" => Formats.Contains(value.Text()),
        "minItems" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var least) && least is 0 or 1,
        _ => Kept.Contains(name),
    };

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value, string path, DroppedMembers dropped, ref bool changed)
    {
        switch (name)
        {
            case "properties" or "$defs" or "definitions" when value.ValueKind == JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var inner in value.EnumerateObject())
                {
                    writer.WritePropertyName(inner.Name);
                    Write(writer, inner.Value, path, dropped, ref changed);
                }

                writer.WriteEndObject();
                break;
            case "anyOf" or "allOf":
                WriteList(writer, value, path, dropped, ref changed);
                break;
            case "items":
                Write(writer, value, path, dropped, ref changed);
                break;
            default:
                RawJson.Of(value).WriteTo(writer);
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter writer, JsonElement list, string path, DroppedMembers dropped, ref bool changed)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            RawJson.Of(list).WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var schema in list.EnumerateArray())
            Write(writer, schema, path, dropped, ref changed);
        writer.WriteEndArray();
    }
}
