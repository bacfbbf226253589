using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>Schemas for Gemini, which takes two forms: a part of OpenAPI's schema, everywhere, and a part of JSON Schema, on newer models.</summary>
internal static class GeminiSchemas
{
    /// <summary>Turns a JSON Schema into the form that loses less of it; OpenAPI's where both lose the same.</summary>
    /// <param name="schema">JSON Schema.</param>
    /// <param name="takesJsonSchema">Whether the model takes the second form.</param>
    /// <param name="path">Where the schema stands, for reports.</param>
    /// <param name="dropped">Told what was lost.</param>
    /// <returns>The schema, and whether it has OpenAPI's form.</returns>
    public static (RawJson Schema, bool IsOpenApi) Choose(RawJson schema, bool takesJsonSchema, string path, DroppedMembers dropped)
    {
        var lost = new List<string>();
        var openApi = SchemaToOpenApi.Convert(schema, lost);
        var isOpenApi = true;
        var chosen = openApi;
        if (lost.Count > 0 && takesJsonSchema)
        {
            var lostAsJson = new List<string>();
            var json = SchemaToJsonSubset.Convert(schema, lostAsJson);
            if (lostAsJson.Count < lost.Count)
                (chosen, lost, isOpenApi) = (json, lostAsJson, false);
        }

        foreach (var member in lost)
            dropped.Add($"{path}.{member}");
        return (chosen, isOpenApi);
    }

    /// <summary>Whether a schema of a function's parameters says that there are none.</summary>
    public static bool IsEmpty(RawJson schema)
    {
        using var document = WireJson.Parse(schema.Utf8);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var saysNothing = member.Name switch
            {
                "type" => member.Value.Text() == "object",
                "properties" => member.Value.ValueKind == JsonValueKind.Object && !member.Value.EnumerateObject().Any(),
                "additionalProperties" => member.Value.ValueKind == JsonValueKind.False,
                "title" or "description" => true,
                _ => false,
            };
            if (!saysNothing)
                return false;
        }

        return true;
    }

    /// <summary>The bytes of a tree that is to be made.</summary>
    /// <exception cref="RequestFormatException">A string in it is no text.</exception>
    public static RawJson Raw(Func<JsonObject> make)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = WireJson.Writer(output);
            make().WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            throw new RequestFormatException("A schema holds a string that is not valid text.");
        }

        return new RawJson(output.WrittenMemory);
    }

    /// <summary>A copy of a value that outlives its document.</summary>
    public static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
