using System.Globalization;
using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration;

/// <summary>
/// Lays <c>GATEWAY__SECTION__KEY=value</c> over a configuration. Names are found in the table of settings, in any case; in names an
/// operator chose, characters that a variable cannot have (<c>-</c>, <c>.</c>, <c>/</c>, <c>:</c>) are written <c>_</c>.
/// </summary>
internal static class EnvironmentOverrides
{
    /// <summary>How every override begins.</summary>
    public const string Prefix = "GATEWAY__";

    /// <summary>How the path of a problem with a variable begins.</summary>
    public const string ProblemPrefix = "env ";

    /// <summary>Applies every override, reporting names that mean nothing.</summary>
    public static void Apply(ConfigNode root, IReadOnlyDictionary<string, string> environment, ProblemList problems)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in environment.Keys.Where(IsOverride).Order(SegmentOrder))
        {
            var fault = seen.Add(name)
                ? Set(root, GatewaySettings.Root, name, name[Prefix.Length..].Split("__"), environment[name])
                : "is set twice, in different case; keep one";
            if (fault is not null) problems.Add(ProblemPrefix + name, fault);
        }
    }

    // Items are appended in order, so 2 must come before 10.
    private static readonly Comparer<string> SegmentOrder = Comparer<string>.Create(static (a, b) =>
    {
        string[] left = a.Split("__"), right = b.Split("__");
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = int.TryParse(left[i], out var m) && int.TryParse(right[i], out var n)
                ? m.CompareTo(n)
                : string.Compare(left[i], right[i], StringComparison.OrdinalIgnoreCase);
            if (order != 0) return order;
        }

        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(a, b);
    });

    private static bool IsOverride(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static string? Set(ConfigNode node, SettingShape shape, string variable, ReadOnlySpan<string> segments, string text)
    {
        var segment = segments[0];
        string? name = null;
        SettingShape next;
        switch (shape)
        {
            case ObjectShape or EitherShape:
                var section = shape as ObjectShape ?? ((EitherShape)shape).Section;
                if (section.Settings.FirstOrDefault(s => s.Name.Equals(segment, StringComparison.OrdinalIgnoreCase)) is not { } setting)
                    return $"is not a setting{Suggestion.For(segment, section.Settings.Select(s => s.Name.ToUpperInvariant()))}";
                (name, next) = (setting.Name, setting.Shape);
                break;
            case MapShape map:
                if (segment.Length == 0) return "lacks a name between two double underscores";
                var folded = Fold(segment);
                name = node.Members.Select(m => m.Key).Concat(map.KnownNames()).FirstOrDefault(k => Fold(k) == folded) ?? segment.ToLowerInvariant();
                next = map.Value;
                break;
            case ListShape list:
                if (!int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > node.Items.Count)
                    return $"needs the number of an item here: 0 to {node.Items.Count}";
                return Place(index < node.Items.Count ? node.Items[index] : null, list.Item, value => node.Set(index, value), variable, segments, text);
            default:
                throw new InvalidOperationException("Only sections have settings inside them.");
        }

        return Place(node.Find(name), next, value => node.Set(name, value), variable, segments, text);
    }

    private static string? Place(
        ConfigNode? current, SettingShape shape, Action<ConfigNode> put, string variable, ReadOnlySpan<string> segments, string text)
    {
        if (segments.Length == 1)
        {
            if (shape.FromText(text, variable) is not { } value) return "names a section; name one setting inside it";
            put(value);
            return null;
        }

        if (shape is not (ObjectShape or EitherShape or MapShape or ListShape)) return "names something inside a plain value; remove the last part";
        var wanted = shape is ListShape ? JsonValueKind.Array : JsonValueKind.Object;
        if (current?.Kind != wanted)
        {
            current = new ConfigNode(wanted) { Variable = variable };
            put(current);
        }

        return Set(current, shape, variable, segments[1..], text);
    }

    private static string Fold(string name) => string.Create(name.Length, name, static (folded, source) =>
    {
        for (var i = 0; i < folded.Length; i++) folded[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToLowerInvariant(source[i]) : '_';
    });
}
