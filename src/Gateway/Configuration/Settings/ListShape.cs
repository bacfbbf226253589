using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>An array.</summary>
/// <param name="item">What each item holds.</param>
/// <param name="minItems">Fewest items.</param>
internal sealed class ListShape(SettingShape item, int minItems = 0) : SettingShape
{
    /// <summary>What each item holds.</summary>
    public SettingShape Item { get; } = item;

    /// <summary>Most items; null: any number.</summary>
    public int? MaxItems { get; init; }

    /// <inheritdoc/>
    public override string Expected =>
        $"an array [ … ]{(minItems > 0 ? $" of at least {minItems}" : "")}{(MaxItems is { } most ? $" of at most {most}" : "")}, each {Item.Expected}";

    /// <summary>Commas separate items of plain values; a list of sections is reached by index (<c>__0__</c>).</summary>
    public override ConfigNode? FromText(string text, string variable)
    {
        var list = new ConfigNode(JsonValueKind.Array) { Variable = variable };
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Item.FromText(part, variable) is not { } node) return null;
            list.Set(list.Items.Count, node);
        }

        return list;
    }

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (node.Kind != JsonValueKind.Array)
        {
            Refuse(path, problems);
            return;
        }

        if (node.Items.Count < minItems) problems.Add(path, $"is empty and so has no effect; write {Expected}, or remove it");
        if (node.Items.Count > MaxItems) problems.Add(path, $"has {node.Items.Count} items; at most {MaxItems} are allowed");
        for (var i = 0; i < node.Items.Count; i++)
        {
            var itemPath = JsonPath.Item(path, i);
            Item.Check(node.Items[i], itemPath, problems);
            if (node.Items[i].Kind == JsonValueKind.String && node.Items.Take(i).Any(n => n.Kind == JsonValueKind.String && n.Text == node.Items[i].Text))
                problems.Add(itemPath, "repeats an earlier item; remove one");
        }
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteString("type", "array");
        if (minItems > 0) schema.WriteNumber("minItems", minItems);
        if (MaxItems is { } most) schema.WriteNumber("maxItems", most);
        if (Item is TextShape or EitherShape) schema.WriteBoolean("uniqueItems", true);
        schema.WriteStartObject("items");
        Item.WriteSchema(schema);
        schema.WriteEndObject();
    }
}
