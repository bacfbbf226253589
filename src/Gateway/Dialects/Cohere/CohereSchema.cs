using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Makes a JSON Schema one that Cohere's structured output takes: an object at the root, a required property in every object, no
/// composition but <c>anyOf</c>, no ranges and lengths, four formats. What is taken out is named.
/// </summary>
internal static class CohereSchema
{
    private static readonly SchemaRules Rules = new()
    {
        Refused =
            ["allOf", "not", "if", "then", "else", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minProperties", "maxProperties"],
        Formats = ["date-time", "uuid", "date", "time"],
        RefusedInPatterns = ["^", "$", "?=", "?!"],
        RequiresProperties = true,
    };

    /// <summary>The schema as Cohere takes it: as it stood when it may; missing when its root is no object.</summary>
    public static RawJson Fit(RawJson schema, string path, DroppedMembers dropped)
    {
        if (!IsObject(schema))
        {
            dropped.Add(path);
            return default;
        }

        var (fitted, changes) = SchemaFitter.Fit(schema, Rules);
        if (changes.Count > 0)
            dropped.Add($"{path} ({string.Join(", ", changes.Select(change => change.Text).Distinct().Order(StringComparer.Ordinal))})");
        return fitted;
    }

    /// <summary>Whether the schema of a tool has a required property.</summary>
    public static bool HasRequired(RawJson schema)
    {
        if (schema.IsMissing)
            return false;
        using var document = schema.Parse();
        return document.RootElement.Get("required"u8) is { ValueKind: JsonValueKind.Array } required && required.GetArrayLength() > 0;
    }

    private static bool IsObject(RawJson schema)
    {
        using var document = schema.Parse();
        return document.RootElement.Text("type"u8) == "object";
    }
}
