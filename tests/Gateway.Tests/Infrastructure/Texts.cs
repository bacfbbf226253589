using System.Text.Json.Nodes;

namespace Gateway.Tests.Infrastructure;

/// <summary>Short ways to ask JSON.</summary>
internal static class Texts
{
    /// <summary>The strings of an array; none when there is no array.</summary>
    public static string[] Strings(this JsonNode? array) => [.. (array?.AsArray() ?? []).Select(item => (string)item!)];

    /// <summary>The names of an object's members.</summary>
    public static string[] Names(this JsonNode? node) => [.. node!.AsObject().Select(member => member.Key)];

    /// <summary>The objects of an array.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? array) => (array?.AsArray() ?? []).Select(item => item!.AsObject());
}
