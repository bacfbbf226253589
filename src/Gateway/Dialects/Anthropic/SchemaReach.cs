using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Whether a JSON Schema can be brought down to this wire's subset without losing its sense.</summary>
internal static class SchemaReach
{
    private const int MaxDepth = 64;

    /// <summary>Whether it can: every part is of a kind the subset knows, and references lead to definitions and never round.</summary>
    public static bool CanBeSaid(RawJson schema)
    {
        using var document = schema.Parse();
        var root = document.RootElement;
        return !(root.Get("$defs"u8).Says() && root.Get("definitions"u8).Says()) && CanBeSaid(root, root, []);
    }

    private static bool CanBeSaid(JsonElement schema, JsonElement root, Stack<string> within)
    {
        if (schema.ValueKind != JsonValueKind.Object || within.Count > MaxDepth)
            return false;
        var reference = schema.Get("$ref"u8);
        if (reference.Says())
            return CanFollow(reference.Text(), root, within);
        if (!HasKind(schema) || IsMap(schema))
            return false;
        return All(schema.Get("properties"u8), root, within)
            && All(schema.Get("anyOf"u8), root, within)
            && All(schema.Get("oneOf"u8), root, within)
            && All(schema.Get("allOf"u8), root, within)
            && (schema.Get("items"u8).ValueKind != JsonValueKind.Object || CanBeSaid(schema.Get("items"u8), root, within));
    }

    private static bool CanFollow(string? reference, JsonElement root, Stack<string> within)
    {
        var name = reference is null ? null
            : reference.StartsWith("#/$defs/", StringComparison.Ordinal) ? reference["#/$defs/".Length..]
            : reference.StartsWith("#/definitions/", StringComparison.Ordinal) ? reference["#/definitions/".Length..]
            : null;
        if (name is null || within.Contains(name))
            return false;
        var definition = root.Get("$defs"u8).ValueKind == JsonValueKind.Object && root.Get("$defs"u8).TryGetProperty(name, out var found) ? found
            : root.Get("definitions"u8).ValueKind == JsonValueKind.Object && root.Get("definitions"u8).TryGetProperty(name, out found) ? found
            : default;
        within.Push(name);
        var can = CanBeSaid(definition, root, within);
        within.Pop();
        return can;
    }

    private static bool HasKind(JsonElement schema) =>
        schema.Get("type"u8).Says() || schema.Get("enum"u8).Says() || schema.TryGetProperty("const"u8, out _)
        || schema.Get("anyOf"u8).Says() || schema.Get("oneOf"u8).Says() || schema.Get("allOf"u8).Says() || schema.Get("properties"u8).Says();

    /// <summary>An object of members nobody has named: forbidding the unnamed would leave nothing of it.</summary>
    private static bool IsMap(JsonElement schema) =>
        schema.Text("type"u8) == "object"
        && (schema.Get("properties"u8).ValueKind != JsonValueKind.Object || !schema.Get("properties"u8).EnumerateObject().MoveNext())
        && schema.Get("additionalProperties"u8).ValueKind is not (JsonValueKind.False or JsonValueKind.Undefined)
        && !schema.Get("anyOf"u8).Says() && !schema.Get("allOf"u8).Says() && !schema.Get("oneOf"u8).Says();

    private static bool All(JsonElement schemas, JsonElement root, Stack<string> within)
    {
        if (schemas.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in schemas.EnumerateObject())
            {
                if (!CanBeSaid(entry.Value, root, within))
                    return false;
            }
        }
        else if (schemas.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in schemas.EnumerateArray())
            {
                if (!CanBeSaid(entry, root, within))
                    return false;
            }
        }

        return true;
    }
}
