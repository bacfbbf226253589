using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// Fits a JSON Schema to what Bedrock's structured output takes: closed objects, and no limits on numbers, lengths or counts. What is taken
/// away is reported.
/// </summary>
internal static class ConverseSchema
{
    private static readonly SchemaRules Rules = new()
    {
        Taken = ["type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "title", "description", "default", "minItems"],
        Formats = SchemaFormats.Common,
        ClosesObjects = true,
    };

    /// <summary>The schema, fitted; a missing one stays missing.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it stands, for reports.</param>
    /// <param name="dropped">Told what is taken away.</param>
    public static RawJson Fit(RawJson schema, string path, DroppedMembers dropped)
    {
        if (schema.IsMissing)
            return schema;
        var (fitted, changes) = SchemaFitter.Fit(schema, Rules);
        foreach (var change in changes)
        {
            if (change.Keyword is not null)
                dropped.Add($"{path} ({change.Keyword})");
        }

        return fitted;
    }
}
