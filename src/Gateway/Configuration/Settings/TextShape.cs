using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>A string that keeps a rule.</summary>
/// <param name="rule">The rule.</param>
/// <param name="nullable">Whether <c>null</c> may stand for "none".</param>
internal sealed class TextShape(TextRule rule, bool nullable = false) : SettingShape
{
    /// <inheritdoc/>
    public override string Expected => rule.Expected + (nullable ? ", or null for none" : "");

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (nullable && node.Kind == JsonValueKind.Null) return;
        if (node.Kind != JsonValueKind.String) Refuse(path, problems);
        else if (rule.Fault(node.Text) is { } fault) problems.Add(path, fault);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        if (nullable)
        {
            schema.WriteStartArray("type");
            schema.WriteStringValue("string");
            schema.WriteStringValue("null");
            schema.WriteEndArray();
        }
        else
        {
            schema.WriteString("type", "string");
        }

        rule.WriteSchema(schema);
    }
}
