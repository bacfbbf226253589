using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>Members that the canonical model has no word for.</summary>
internal static class UnknownMembers
{
    /// <summary>Adds every member of an object that is not among the known ones. Nulls say nothing and are left.</summary>
    /// <param name="element">The object.</param>
    /// <param name="wire">The wire it was read from.</param>
    /// <param name="path">Where the object stands; empty for the root.</param>
    /// <param name="known">Names that were read.</param>
    /// <param name="extras">Added to.</param>
    public static void Collect(JsonElement element, Operation wire, string path, ReadOnlySpan<string> known, List<ExtraMember> extras)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                throw new RequestFormatException("The name of a member is not valid text.", path.Length == 0 ? null : path);
            }

            if (known.Contains(name) || !member.Value.Says())
                continue;
            extras.Add(new ExtraMember(wire, path.Length == 0 ? name : $"{path}.{name}", name, RawJson.Of(member.Value)));
        }
    }

    /// <summary>The members of a part that are not among the known ones; null when there are none.</summary>
    public static List<ExtraMember>? Of(JsonElement element, Operation wire, string path, ReadOnlySpan<string> known)
    {
        var extras = new List<ExtraMember>();
        Collect(element, wire, path, known, extras);
        return extras.Count == 0 ? null : extras;
    }

    /// <summary>Writes those that came from a wire back to it, as members of the current object.</summary>
    public static void WriteOwn(Utf8JsonWriter json, IEnumerable<ExtraMember>? extras, Operation wire)
    {
        foreach (var extra in extras ?? [])
        {
            if (extra.Origin != wire)
                continue;
            json.WritePropertyName(extra.Name);
            extra.Value.WriteTo(json);
        }
    }
}
