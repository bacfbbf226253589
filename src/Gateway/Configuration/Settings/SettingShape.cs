using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>
/// What a setting may hold. One tree of shapes (<see cref="GatewaySettings"/>) is what the reader checks, what the JSON schema is
/// written from, and what environment overrides are looked up in, so that the three cannot disagree.
/// </summary>
internal abstract class SettingShape
{
    /// <summary>What to write, for people: <c>a whole number from 1 to 100</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Reports everything that is wrong with a value.</summary>
    public abstract void Check(ConfigNode node, string path, ProblemList problems);

    /// <summary>Writes the members of this shape's JSON schema into an open object.</summary>
    public abstract void WriteSchema(Utf8JsonWriter schema);

    /// <summary>The value that an environment variable's text stands for, or null when this is a section and takes none.</summary>
    public virtual ConfigNode? FromText(string text, string variable) =>
        new(JsonValueKind.String, text) { Variable = variable };

    /// <summary>Reports a value of the wrong type. Values are not repeated: they may be secrets in the wrong place.</summary>
    protected void Refuse(string path, ProblemList problems) => problems.Add(path, $"must be {Expected}");
}
