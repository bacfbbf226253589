using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>An object whose names the operator chooses.</summary>
/// <param name="names">What a name may be.</param>
/// <param name="value">What each holds.</param>
internal sealed class MapShape(TextRule names, SettingShape value) : SettingShape
{
    /// <summary>What each name holds.</summary>
    public SettingShape Value { get; } = value;

    /// <summary>Most names; null: any number.</summary>
    public int? MaxMembers { get; init; }

    /// <summary>Names that environment overrides may mean without their being in the file.</summary>
    public Func<IEnumerable<string>> KnownNames { get; init; } = static () => [];

    /// <inheritdoc/>
    public override string Expected => $"an object whose names are each {names.Expected}";

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

        if (node.Members.Count > MaxMembers) problems.Add(path, $"has {node.Members.Count} members; at most {MaxMembers} are allowed");
        foreach (var (name, item) in node.Members)
        {
            var memberPath = JsonPath.Member(path, name);
            if (names.Fault(name) is { } fault) problems.Add(memberPath, $"has a name that {fault}");
            Value.Check(item, memberPath, problems);
        }
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteString("type", "object");
        if (MaxMembers is { } most) schema.WriteNumber("maxProperties", most);
        schema.WriteStartObject("propertyNames");
        names.WriteSchema(schema);
        schema.WriteEndObject();
        schema.WriteStartObject("additionalProperties");
        Value.WriteSchema(schema);
        schema.WriteEndObject();
    }
}
