using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Members of Converse that the canonical model has no word for. An extra's path says in which object it stood.</summary>
internal static class ConverseExtras
{
    /// <summary>Keeps the members of an object that are not among the known ones. Nulls are nothing.</summary>
    /// <param name="element">The object.</param>
    /// <param name="prefix">The path of the object and a dot, or empty at the top.</param>
    /// <param name="extras">Where they go.</param>
    /// <param name="known">Names that are read elsewhere.</param>
    public static void Read(JsonElement element, string prefix, List<ExtraMember> extras, params ReadOnlySpan<string> known)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.Says() && !known.Contains(member.Name))
                extras.Add(new ExtraMember(Operation.Converse, prefix + member.Name, member.Name, RawJson.Of(member.Value)));
        }
    }

    /// <summary>The same for a part of a turn: null when there are none.</summary>
    public static List<ExtraMember>? Of(JsonElement element, string prefix, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var extras = new List<ExtraMember>();
        Read(element, prefix, extras, known);
        return extras.Count == 0 ? null : extras;
    }

    /// <summary>Whether any of Converse's own extras stood directly in an object.</summary>
    public static bool Any(List<ExtraMember> extras, string prefix) => extras.Exists(extra => IsIn(extra, prefix));

    /// <summary>Writes back what stood directly in an object.</summary>
    public static void Write(Utf8JsonWriter writer, List<ExtraMember>? extras, string prefix)
    {
        if (extras is null)
            return;
        foreach (var extra in extras)
        {
            if (!IsIn(extra, prefix))
                continue;
            writer.WritePropertyName(extra.Name);
            extra.Value.WriteTo(writer);
        }
    }

    /// <summary>Writes back a part's extras but for those of an inner object.</summary>
    public static void Write(Utf8JsonWriter writer, List<ExtraMember>? extras)
    {
        foreach (var extra in extras ?? [])
        {
            if (extra.Origin != Operation.Converse || extra.Name == BucketOwner)
                continue;
            writer.WritePropertyName(extra.Name);
            extra.Value.WriteTo(writer);
        }
    }

    /// <summary>The one member of an S3 location beside its address.</summary>
    public const string BucketOwner = "bucketOwner";

    private static bool IsIn(ExtraMember extra, string prefix) =>
        extra.Origin == Operation.Converse && extra.Path.Length == prefix.Length + extra.Name.Length && extra.Path.StartsWith(prefix, StringComparison.Ordinal);
}
