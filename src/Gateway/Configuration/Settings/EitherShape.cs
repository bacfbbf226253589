using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>A string, or a section for those who want to say more.</summary>
internal sealed class EitherShape(TextShape text, ObjectShape section) : SettingShape
{
    /// <summary>What the section may hold.</summary>
    public ObjectShape Section { get; } = section;

    /// <inheritdoc/>
    public override string Expected => $"{text.Expected}, or {Section.Expected}";

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (node.Kind == JsonValueKind.Object) Section.Check(node, path, problems);
        else if (node.Kind == JsonValueKind.String) text.Check(node, path, problems);
        else Refuse(path, problems);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteStartArray("anyOf");
        foreach (var shape in (ReadOnlySpan<SettingShape>)[text, Section])
        {
            schema.WriteStartObject();
            shape.WriteSchema(schema);
            schema.WriteEndObject();
        }

        schema.WriteEndArray();
    }
}
