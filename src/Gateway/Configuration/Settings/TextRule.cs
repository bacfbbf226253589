using System.Text.Json;

namespace Gateway.Configuration.Settings;

/// <summary>What a string must be.</summary>
/// <param name="Expected">For people: <c>a "provider/model" address</c>.</param>
/// <param name="Fault">What is wrong with a string, or null. Must not repeat the string when it may hold a secret.</param>
internal sealed record TextRule(string Expected, Func<string, string?> Fault)
{
    /// <summary>An ECMA regular expression that accepts at least every good string; null: any.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only good strings, or none.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>One of a few words.</summary>
    public static TextRule OneOf(params IReadOnlyList<string> choices)
    {
        var expected = "one of " + string.Join(", ", choices.Select(c => $"\"{c}\""));
        return new TextRule(expected, text => choices.Contains(text) ? null : $"must be {expected}{Suggestion.For(text, choices)}") { Choices = choices };
    }

    /// <summary>Writes the members of the rule's JSON schema into an open object.</summary>
    public void WriteSchema(Utf8JsonWriter schema)
    {
        if (Pattern is not null) schema.WriteString("pattern", Pattern);
        if (Choices.Count == 0) return;
        schema.WriteStartArray("enum");
        foreach (var choice in Choices) schema.WriteStringValue(choice);
        schema.WriteEndArray();
    }
}
