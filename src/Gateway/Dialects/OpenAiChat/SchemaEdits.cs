using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Changes to JSON Schemas for providers that take less than the whole.</summary>
internal static class SchemaEdits
{
    private const int MaxDepth = 64;

    /// <summary>Without <c>additionalProperties: false</c>.</summary>
    public static RawJson Open(RawJson schema) => Edit(schema, static (node, _) =>
    {
        if (node["additionalProperties"] is JsonValue value && value.GetValueKind() == JsonValueKind.False)
            node.Remove("additionalProperties");
    });

    /// <summary>Without <c>$schema</c>, with every <c>$ref</c> that does not recur replaced by what it names, and types inside <c>anyOf</c> rather than beside it.</summary>
    public static RawJson Plain(RawJson schema) => Edit(schema, static (node, root) =>
    {
        node.Remove("$schema");
        if (node["anyOf"] is JsonArray any && node["type"] is { } type)
        {
            node.Remove("type");
            foreach (var option in any.OfType<JsonObject>())
                option.TryAdd("type", type.DeepClone());
        }

        Inline(node, root);
    }, dropsDefinitions: true);

    private static RawJson Edit(RawJson schema, Action<JsonObject, JsonObject> change, bool dropsDefinitions = false)
    {
        if (JsonNode.Parse(schema.Utf8.Span) is not JsonObject root)
            return schema;
        var original = (JsonObject)root.DeepClone();
        Walk(root, original, change, 0);
        if (dropsDefinitions && !root.ToJsonString().Contains("\"$ref\"", StringComparison.Ordinal))
        {
            root.Remove("$defs");
            root.Remove("definitions");
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
            root.WriteTo(json);
        return new RawJson(buffer.ToArray());
    }

    private static void Walk(JsonNode? node, JsonObject root, Action<JsonObject, JsonObject> change, int depth)
    {
        if (node is not JsonObject schema || depth > MaxDepth)
            return;
        change(schema, root);
        foreach (var name in (ReadOnlySpan<string>)["properties", "$defs", "definitions", "patternProperties"])
        {
            if (schema[name] is not JsonObject map)
                continue;
            foreach (var (_, member) in map)
                Walk(member, root, change, depth + 1);
        }

        foreach (var name in (ReadOnlySpan<string>)["anyOf", "allOf", "oneOf", "prefixItems"])
        {
            if (schema[name] is not JsonArray list)
                continue;
            foreach (var member in list)
                Walk(member, root, change, depth + 1);
        }

        foreach (var name in (ReadOnlySpan<string>)["items", "additionalProperties", "not"])
            Walk(schema[name], root, change, depth + 1);
    }

    /// <summary>Replaces a reference by its target, unless the target refers to itself.</summary>
    private static void Inline(JsonObject node, JsonObject root)
    {
        for (var i = 0; i < MaxDepth && node["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String; i++)
        {
            var path = reference.GetValue<string>();
            if (!path.StartsWith("#/", StringComparison.Ordinal))
                return;
            JsonNode? target = root;
            foreach (var step in path[2..].Split('/'))
                target = (target as JsonObject)?[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
            if (target is not JsonObject named || Recurs(named, root, path, []))
                return;
            node.Remove("$ref");
            foreach (var (name, value) in named)
                node.TryAdd(name, value?.DeepClone());
        }
    }

    private static bool Recurs(JsonNode? node, JsonObject root, string path, HashSet<string> seen)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String)
                {
                    var next = reference.GetValue<string>();
                    if (next == path)
                        return true;
                    if (seen.Add(next) && next.StartsWith("#/", StringComparison.Ordinal))
                    {
                        JsonNode? target = root;
                        foreach (var step in next[2..].Split('/'))
                            target = (target as JsonObject)?[step];
                        if (Recurs(target, root, path, seen))
                            return true;
                    }
                }

                return schema.Any(member => Recurs(member.Value, root, path, seen));
            case JsonArray list:
                return list.Any(member => Recurs(member, root, path, seen));
            default:
                return false;
        }
    }
}
