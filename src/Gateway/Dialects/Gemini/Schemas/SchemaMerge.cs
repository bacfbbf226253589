using System.Text.Json.Nodes;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>Makes one schema of two that both hold, which is what <c>allOf</c> means; neither wire form has it.</summary>
internal static class SchemaMerge
{
    /// <summary>Adds what <paramref name="more"/> demands to <paramref name="schema"/>, whose own words win.</summary>
    /// <param name="schema">Changed.</param>
    /// <param name="more">Left without what was moved.</param>
    /// <param name="lose">Told the members on which the two can't be brought together.</param>
    public static void Into(JsonObject schema, JsonObject more, Action<string> lose)
    {
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            if (!schema.TryGetPropertyValue(name, out var own) || own is null)
            {
                schema[name] = value;
                continue;
            }

            switch (name)
            {
                case "properties" when own is JsonObject properties && value is JsonObject others:
                    Properties(properties, others, lose);
                    break;
                case "required" when own is JsonArray required && value is JsonArray others:
                    foreach (var other in others)
                    {
                        if (!required.Any(one => JsonNode.DeepEquals(one, other)))
                            required.Add(other?.DeepClone());
                    }

                    break;
                case "minimum" or "minItems" or "minLength" or "minProperties":
                    schema[name] = Number(own) >= Number(value) ? own.DeepClone() : value;
                    break;
                case "maximum" or "maxItems" or "maxLength" or "maxProperties":
                    schema[name] = Number(own) <= Number(value) ? own.DeepClone() : value;
                    break;
                case "title" or "description" or "default" or "example" or "propertyOrdering":
                    break;
                default:
                    if (!JsonNode.DeepEquals(own, value))
                        lose(name);
                    break;
            }
        }
    }

    private static void Properties(JsonObject properties, JsonObject others, Action<string> lose)
    {
        foreach (var (name, other) in others.ToList())
        {
            others.Remove(name);
            if (properties[name] is JsonObject own && other is JsonObject more)
                Into(own, more, member => lose($"properties.{name}.{member}"));
            else
                properties[name] = other;
        }
    }

    private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0;
}
