using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Rules;

/// <summary>A list of targets: either names in order of preference, or objects with weights.</summary>
internal sealed class RuleTargetsShape : SettingShape
{
    private static readonly TextShape Name = new(TextRules.RouteName);

    private static readonly ListShape Names = new(Name, 1);

    private static readonly ListShape Arms = new(
        new ObjectShape(
            new Setting("target", Name, "A \"provider/model\" address or the name of a route.") { Required = true },
            new Setting("weight", new NumberShape(0, 1_000_000), "Its share, relative to the others'.") { Default = "1" },
            new Setting("arm", new TextShape(TextRules.Id), "The arm's name in the ledger.")),
        1);

    /// <inheritdoc/>
    public override string Expected => "an array of \"provider/model\" addresses and route names, or of objects { \"target\", \"weight\", \"arm\" }";

    /// <inheritdoc/>
    public override ConfigNode? FromText(string text, string variable) => Names.FromText(text, variable);

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (node.Kind != JsonValueKind.Array || (node.Items.Any(i => i.Kind == JsonValueKind.Object) && node.Items.Any(i => i.Kind != JsonValueKind.Object)))
            Refuse(path, problems);
        else
            (node.Items.Any(i => i.Kind == JsonValueKind.Object) ? Arms : Names).Check(node, path, problems);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteStartArray("oneOf");
        foreach (var form in (ListShape[])[Names, Arms])
        {
            schema.WriteStartObject();
            form.WriteSchema(schema);
            schema.WriteEndObject();
        }

        schema.WriteEndArray();
    }
}
