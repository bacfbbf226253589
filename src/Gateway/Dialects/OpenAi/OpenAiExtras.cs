using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAi;

/// <summary>Members of one OpenAI wire that mean the same on the other, and the writing of members kept from reading.</summary>
internal static class OpenAiExtras
{
    /// <summary>Members of the request that Chat Completions and Responses share though the canonical model has no word for them.</summary>
    private static readonly string[] Shared = ["prompt_cache_retention", "prompt_cache_options", "safety_identifier", "moderation"];

    /// <summary>Writes those that belong to the wire and names the others as dropped.</summary>
    /// <param name="json">In the object they belong to.</param>
    /// <param name="extras">The members; those without a path are notes a reader left for its own wire's reply and are not members.</param>
    /// <param name="wire">The wire being written.</param>
    /// <param name="shares">Whether members that the OpenAI wires share are written too.</param>
    /// <param name="dropped">Told of the others.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<ExtraMember>? extras, Operation wire, bool shares, DroppedMembers dropped)
    {
        foreach (var extra in extras ?? [])
        {
            if (extra.Path.Length == 0)
                continue;
            if (extra.Origin == wire || (shares && extra.Origin is Operation.ChatCompletions or Operation.Responses && Array.IndexOf(Shared, extra.Name) >= 0))
            {
                json.WritePropertyName(extra.Name);
                extra.Value.WriteTo(json);
            }
            else
            {
                dropped.Add(extra.Path);
            }
        }
    }

    /// <summary>Writes the members of a reply that came from this wire; there is nobody to tell of the others.</summary>
    public static void WriteReply(Utf8JsonWriter json, IEnumerable<ExtraMember> extras, Operation wire)
    {
        foreach (var extra in extras)
        {
            if (extra.Origin != wire || extra.Path.Length == 0)
                continue;
            json.WritePropertyName(extra.Name);
            extra.Value.WriteTo(json);
        }
    }

    /// <summary>A note that a reader leaves for the writer of the same wire's reply: it has no path, for the client lost nothing.</summary>
    public static ExtraMember Note(Operation wire, string name) => new(wire, "", name, new RawJson("true"u8.ToArray()));

    /// <summary>Whether a reader of the wire left the note.</summary>
    public static bool HasNote(List<ExtraMember> extras, Operation wire, string name)
    {
        foreach (var extra in extras)
        {
            if (extra.Path.Length == 0 && extra.Origin == wire && extra.Name == name)
                return true;
        }

        return false;
    }
}
