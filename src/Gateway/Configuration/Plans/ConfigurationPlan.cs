using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Configuration.Plans;

/// <summary>The difference between two effective configurations, thing by thing and member by member. Both have their secrets masked.</summary>
internal static class ConfigurationPlan
{
    private static readonly string[] Maps = ["providers", "routes", "models", "customers", "teams", "users"];

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares.</summary>
    /// <param name="before">What serves; null: nothing yet.</param>
    /// <param name="after">What would.</param>
    public static IReadOnlyList<PlannedChange> Compare(byte[]? before, byte[] after)
    {
        using var old = JsonDocument.Parse(before ?? "{}"u8.ToArray());
        using var next = JsonDocument.Parse(after);
        var (was, will) = (Things(old.RootElement), Things(next.RootElement));
        var changes = new List<PlannedChange>();
        foreach (var (thing, value) in will)
        {
            if (!was.TryGetValue(thing, out var earlier))
                changes.Add(new PlannedChange('+', thing, [.. Members(value).Select(m => $"{m.Key}: {m.Value}")]));
            else if (Differences(earlier, value) is { Count: > 0 } members)
                changes.Add(new PlannedChange('~', thing, members));
        }

        foreach (var thing in was.Keys)
        {
            if (!will.ContainsKey(thing)) changes.Add(new PlannedChange('-', thing, []));
        }

        return changes;
    }

    /// <summary>Prints a plan.</summary>
    public static void Print(IReadOnlyList<PlannedChange> changes, TextWriter output)
    {
        foreach (var change in changes)
        {
            output.WriteLine($"{change.Sign} {change.Thing}");
            foreach (var member in change.Members) output.WriteLine($"    {member}");
        }

        output.WriteLine(changes.Count == 0
            ? "No changes."
            : $"{changes.Count(c => c.Sign == '+')} to add, {changes.Count(c => c.Sign == '~')} to change, {changes.Count(c => c.Sign == '-')} to remove.");
    }

    // Sections are things, and so is each entry of those whose names the operator chose.
    private static Dictionary<string, JsonElement> Things(JsonElement root)
    {
        var things = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var section in root.EnumerateObject())
        {
            if (section.Name == "keys")
            {
                foreach (var key in section.Value.EnumerateArray()) things[$"keys {key.GetProperty("id").GetString()}"] = key;
            }
            else if (Maps.Contains(section.Name))
            {
                foreach (var entry in section.Value.EnumerateObject()) things[$"{section.Name} {entry.Name}"] = entry.Value;
            }
            else
            {
                things[section.Name] = section.Value;
            }
        }

        return things;
    }

    private static List<string> Differences(JsonElement before, JsonElement after)
    {
        var (was, will) = (Members(before), Members(after));
        var differences = new List<string>();
        foreach (var (name, value) in will)
        {
            if (!was.TryGetValue(name, out var earlier)) differences.Add($"{name}: (none) → {value}");
            else if (earlier != value) differences.Add($"{name}: {earlier} → {value}");
        }

        foreach (var (name, value) in was)
        {
            if (!will.ContainsKey(name)) differences.Add($"{name}: {value} → (none)");
        }

        return differences;
    }

    /// <summary>The members of a thing by path, in order; items of a list that have a name go by it.</summary>
    private static Dictionary<string, string> Members(JsonElement thing)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk("", thing);
        return members;

        void Walk(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in value.EnumerateObject()) Walk(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
            }
            else if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(IsNamed))
            {
                foreach (var item in value.EnumerateArray()) Walk($"{path}[{item.GetProperty("name").GetString()}]", item);
            }
            else
            {
                members[path.Length == 0 ? "value" : path] = Text(value);
            }
        }
    }

    private static bool IsNamed(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String;

    private static string Text(JsonElement value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact)) value.WriteTo(json);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
