using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>True or false.</summary>
internal sealed class FlagShape : SettingShape
{
    /// <inheritdoc/>
    public override string Expected => "true or false";

    /// <inheritdoc/>
    public override ConfigNode FromText(string text, string variable)
    {
        var kind = bool.TryParse(text, out var value) ? value ? JsonValueKind.True : JsonValueKind.False : JsonValueKind.String;
        return new(kind) { Variable = variable };
    }

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (node.Kind is not (JsonValueKind.True or JsonValueKind.False)) Refuse(path, problems);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema) => schema.WriteString("type", "boolean");
}
