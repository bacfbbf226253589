using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Members the canonical model has no word for. Bodies of Messages and of Bedrock's InvokeModel are the same format, so both mark what they
/// keep with <see cref="Operation.Messages"/> and either writes it back.
/// </summary>
internal static class AnthropicExtras
{
    /// <summary>Keeps the members of an object that are not known.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Where it stands; empty for the body itself.</param>
    /// <param name="known">Names of the members that were read.</param>
    /// <param name="extras">Where to; made when first needed.</param>
    public static void Read(JsonElement element, string path, ReadOnlySpan<string> known, ref List<ExtraMember>? extras)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || NameOf(member) is not { } name || known.Contains(name))
                continue;
            var place = path.Length == 0 ? name : $"{path}.{name}";
            (extras ??= []).Add(new ExtraMember(Operation.Messages, place, name, RawJson.Of(member.Value)));
        }
    }

    /// <summary>Writes the members that are this wire's and names the others.</summary>
    /// <param name="json">In the object they belong to.</param>
    /// <param name="extras">The members, or null.</param>
    /// <param name="dropped">Told of the others; null for replies, where there is nobody to tell.</param>
    public static void Write(Utf8JsonWriter json, List<ExtraMember>? extras, DroppedMembers? dropped)
    {
        if (extras is null)
            return;
        foreach (var extra in extras)
        {
            if (extra.Origin == Operation.Messages)
                WriteOne(json, extra);
            else
                dropped?.Add(extra.Path);
        }
    }

    /// <summary>Writes the members that stood in an inner object of the body, such as <c>thinking</c>.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool WriteInner(Utf8JsonWriter json, List<ExtraMember> extras, string inner)
    {
        var any = false;
        foreach (var extra in extras)
        {
            if (!IsIn(extra, inner))
                continue;
            WriteOne(json, extra);
            any = true;
        }

        return any;
    }

    /// <summary>Writes one member.</summary>
    public static void WriteOne(Utf8JsonWriter json, ExtraMember extra)
    {
        json.WritePropertyName(extra.Name);
        extra.Value.WriteTo(json);
    }

    /// <summary>Whether a member stood in an inner object of the body.</summary>
    public static bool IsIn(ExtraMember extra, string inner) =>
        extra.Origin == Operation.Messages
        && extra.Path.Length == inner.Length + 1 + extra.Name.Length
        && extra.Path.StartsWith(inner, StringComparison.Ordinal)
        && extra.Path[inner.Length] == '.';

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate: no member of any wire is called so
        }
    }
}
