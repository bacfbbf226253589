using System.Globalization;
using System.Text.Json;
using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Settings;

/// <summary>A number within bounds.</summary>
/// <param name="min">Smallest value.</param>
/// <param name="max">Largest value.</param>
/// <param name="decimals">Most digits after the point; 0 makes it a whole number.</param>
internal sealed class NumberShape(decimal min, decimal max, int decimals = 0) : SettingShape
{
    /// <inheritdoc/>
    public override string Expected => string.Create(
        CultureInfo.InvariantCulture,
        $"a {(decimals == 0 ? "whole number" : $"number with at most {decimals} decimals")} from {min} to {max}");

    /// <summary>The number a node holds, or null when it holds none that fits.</summary>
    public static decimal? Read(ConfigNode? node) =>
        node is { Kind: JsonValueKind.Number } && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <inheritdoc/>
    public override ConfigNode FromText(string text, string variable) =>
        new(decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonValueKind.Number : JsonValueKind.String, text)
        {
            Variable = variable,
        };

    /// <inheritdoc/>
    public override void Check(ConfigNode node, string path, ProblemList problems)
    {
        if (Read(node) is not { } value || value < min || value > max || decimal.Round(value, decimals) != value) Refuse(path, problems);
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter schema)
    {
        schema.WriteString("type", decimals == 0 ? "integer" : "number");
        schema.WriteNumber("minimum", min);
        schema.WriteNumber("maximum", max);
    }
}
