using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>Small pieces of schemas that both forms treat alike.</summary>
internal static class SchemaValues
{
    /// <summary>Members that only inform people: left out without a word.</summary>
    public static bool IsRemark(string name) =>
        name is "$schema" or "$comment" or "$vocabulary" or "readOnly" or "writeOnly" or "deprecated" or "examples" or "example" or "externalDocs" or "xml";

    /// <summary>The inclusive bound of whole numbers that an exclusive one amounts to; null when it is none.</summary>
    public static JsonNode? Inclusive(JsonElement bound, int step, bool isInteger) =>
        isInteger && bound.ValueKind == JsonValueKind.Number && bound.TryGetInt64(out var whole) ? JsonValue.Create(whole + step) : null;

    /// <summary>The type of a value in a schema's words.</summary>
    public static string? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        _ => null,
    };

    /// <summary>The names in a list.</summary>
    public static IEnumerable<string> Texts(JsonElement list) => list.Items().Select(item => item.Text()).OfType<string>();

    /// <summary>Leaves of the required properties those that there are: one that is unknown is an error to Google.</summary>
    public static void KeepKnown(JsonObject schema, Action<string> lose)
    {
        if (schema["required"] is not JsonArray required)
            return;
        var properties = schema["properties"] as JsonObject;
        for (var i = required.Count - 1; i >= 0; i--)
        {
            if (required[i]?.GetValue<string>() is { } name && properties?.ContainsKey(name) == true)
                continue;
            lose("required (of an unknown property)");
            required.RemoveAt(i);
        }

        if (required.Count == 0)
            schema.Remove("required");
    }

    /// <summary>A list of texts.</summary>
    public static JsonArray List(IEnumerable<string> texts)
    {
        var list = new JsonArray();
        foreach (var text in texts)
            list.Add((JsonNode)JsonValue.Create(text));
        return list;
    }
}
