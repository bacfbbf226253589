using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Brings a JSON Schema down to what models can be held to on this wire. Keywords it has no place for go into the description, where the model
/// may heed them, and are reported.
/// </summary>
internal static class SchemaSubset
{
    private static readonly SchemaRules Rules = new()
    {
        Taken = ["type", "title", "enum", "const", "required", "properties", "$defs", "definitions", "anyOf", "allOf", "items", "minItems"],
        Silent = ["$schema", "$id", "$comment", "$anchor"],
        Formats = SchemaFormats.Common,
        ClosesObjects = true,
        EnumeratesConstants = true,
        IsolatesReferences = true,
        TakesOnlyObjects = true,
        DescribesLosses = true,
    };

    /// <summary>Brings a schema down.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">What to call it in reports.</param>
    /// <param name="dropped">Told of the keywords that no longer bind.</param>
    /// <returns>Null when its sense would be lost: it refers to itself, or takes anything.</returns>
    public static RawJson? Restrict(RawJson schema, string path, DroppedMembers dropped)
    {
        try
        {
            if (!SchemaReach.CanBeSaid(schema))
                return null;
            var (fitted, changes) = SchemaFitter.Fit(schema, Rules);
            foreach (var change in changes)
            {
                if (change.Keyword is not null)
                    dropped.Add($"{path}{change.Path}.{change.Keyword}");
            }

            return fitted;
        }
        catch (InvalidOperationException)
        {
            return null; // a name that is no text (a lone surrogate)
        }
    }
}
