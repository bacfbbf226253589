using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>A section: a fixed set of named settings.</summary>
internal sealed class ObjectShape(params IReadOnlyList<Setting> settings) : SettingShape
{
    /// <summary>What the section may hold.</summary>
    public IReadOnlyList<Setting> Settings { get; } = settings;

    /// <summary>Settings of which exactly one must be written.</summary>
    public IReadOnlyList<string> ExactlyOneOf { get; init; } = [];

    /// <summary>Two settings of which at most one may be written.</summary>
    public (string First, string Second)? NotBoth { get; init; }

    /// <inheritdoc/>
    public override string Expected => "an object: { … }";

    /// <inheritdoc/>
    public override ConfigNode? FromText(string text, string variable) => null;

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (node.Kind != JsonValueKind.Object)
        {
            Refuse(path, problems);
            return;
        }

        foreach (var (name, value) in node.Members)
        {
            var memberPath = JsonPath.Member(path, name);
            if (Settings.FirstOrDefault(s => s.Name == name) is { } setting) setting.Shape.Check(value, memberPath, problems);
            else problems.Add(memberPath, $"is not a setting{Suggestion.For(name, Settings.Select(s => s.Name))}");
        }

        CheckPresence(node, path, problems);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteString("type", "object");
        schema.WriteStartObject("properties");
        foreach (var setting in Settings)
        {
            schema.WriteStartObject(setting.Name);
            schema.WriteString("description", setting.Description);
            setting.Shape.WriteSchema(schema);
            if (setting.Default is { } value)
            {
                schema.WritePropertyName("default");
                schema.WriteRawValue(value);
            }

            schema.WriteEndObject();
        }

        schema.WriteEndObject();
        WriteNames(schema, "required", Settings.Where(s => s.Required).Select(s => s.Name));
        if (ExactlyOneOf.Count > 0)
        {
            schema.WriteStartArray("oneOf");
            foreach (var name in ExactlyOneOf)
            {
                schema.WriteStartObject();
                WriteNames(schema, "required", [name]);
                schema.WriteEndObject();
            }

            schema.WriteEndArray();
        }

        if (NotBoth is var (first, second))
        {
            schema.WriteStartObject("not");
            WriteNames(schema, "required", [first, second]);
            schema.WriteEndObject();
        }

        schema.WriteBoolean("additionalProperties", false);
    }

    private void CheckPresence(ConfigNode node, string path, ProblemList problems)
    {
        foreach (var setting in Settings)
        {
            if (setting.Required && node.Find(setting.Name) is null)
                problems.Add(JsonPath.Member(path, setting.Name), $"is missing; write {setting.Shape.Expected}");
        }

        var written = ExactlyOneOf.Count(name => node.Find(name) is not null);
        if (ExactlyOneOf.Count > 0 && written != 1)
            problems.Add(path, $"needs exactly one of {string.Join(" and ", ExactlyOneOf)}; {(written == 0 ? "none is" : "more than one is")} written");
        if (NotBoth is var (first, second) && node.Find(first) is not null && node.Find(second) is not null)
            problems.Add(JsonPath.Member(path, first), $"contradicts {second}; keep one of them");
    }

    private static void WriteNames(Utf8JsonWriter schema, string keyword, IEnumerable<string> names)
    {
        var list = names.ToList();
        if (list.Count == 0) return;
        schema.WriteStartArray(keyword);
        foreach (var name in list) schema.WriteStringValue(name);
        schema.WriteEndArray();
    }
}
