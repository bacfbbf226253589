using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Dialects.OpenAiChat;

/// <summary>Puts deltas together as OpenAI's Python SDK does: texts are joined, numbers added, lists matched by index; types and indexes are replaced.</summary>
internal static class DeltaFold
{
    public static void Merge(JsonObject whole, JsonObject delta)
    {
        foreach (var (name, value) in delta)
        {
            if (value is null || name is "index" or "type" || whole[name] is not { } earlier)
            {
                if (value is not null || !whole.ContainsKey(name))
                    whole[name] = value?.DeepClone();
                continue;
            }

            switch (value)
            {
                case JsonObject inner:
                    Merge(earlier.AsObject(), inner);
                    break;
                case JsonArray list:
                    MergeList(earlier.AsArray(), list);
                    break;
                case JsonValue when value.GetValueKind() == JsonValueKind.Number:
                    whole[name] = earlier.GetValue<int>() + value.GetValue<int>();
                    break;
                default:
                    // Not by way of strings: a text may be cut inside a surrogate pair.
                    whole[name] = JsonNode.Parse($"{Raw(earlier)[..^1]}{Raw(value)[1..]}");
                    break;
            }
        }
    }

    private static string Raw(JsonNode node) => node.GetValue<JsonElement>().GetRawText();

    private static void MergeList(JsonArray whole, JsonArray delta)
    {
        foreach (var entry in delta.OfType<JsonObject>())
        {
            var index = entry["index"]!.GetValue<int>();
            if (whole.OfType<JsonObject>().FirstOrDefault(e => e["index"]!.GetValue<int>() == index) is { } same)
                Merge(same, entry);
            else
                whole.Add(entry.DeepClone());
        }
    }
}
