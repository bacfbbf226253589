using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>JSON as these tests write and read it: base64 stands in it unescaped.</summary>
internal static class ThinkingJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode Parse([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string json) => JsonNode.Parse(json)!;

    /// <summary>Compact, with nothing escaped that need not be.</summary>
    public static string Text(JsonNode? node) => node?.ToJsonString(Relaxed) ?? "null";

    /// <summary>An event named by its <c>type</c>.</summary>
    public static byte[] Named(JsonNode data) => Encoding.UTF8.GetBytes($"event: {data["type"]}\ndata: {Text(data)}\n\n");

    /// <summary>An event without a name.</summary>
    public static byte[] Event(JsonNode data) => Encoding.UTF8.GetBytes($"data: {Text(data)}\n\n");

    /// <summary>The data of every event of a stream.</summary>
    public static IEnumerable<JsonNode> Events(byte[] stream) => Encoding.UTF8.GetString(stream).Split('\n')
        .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
        .Select(line => Parse(line[6..]));

    /// <summary>Splits text in two.</summary>
    public static string[] Pieces(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    /// <summary>An array of copies.</summary>
    public static JsonArray Array(params IEnumerable<JsonNode?> nodes) => new([.. nodes.Select(node => node?.DeepClone())]);

    /// <summary>Appends to a member that is text.</summary>
    public static void Append(JsonNode target, string member, string? piece)
    {
        if (piece is not null)
            target[member] = (string?)target[member] + piece;
    }
}
