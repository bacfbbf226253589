using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>Gemini: signatures stand on the calls and on the text of the answer.</summary>
internal sealed class GeminiThinkingProvider : ThinkingProvider
{
    public override string Model => "gemini/gemini-3-pro-preview";

    public override IReadOnlyList<JsonArray> Turns { get; } =
    [
        Turn("""
        [{"text":"Paris first: “météo”.","thought":true},
         {"functionCall":{"name":"get_weather","args":{"city":"Paris"}},"thoughtSignature":"CikBVKhc7qL+/First=="}]
        """),
        Turn("""
        [{"text":"Paris is sunny."},
         {"functionCall":{"id":"call_rome","name":"get_weather","args":{"city":"Rome"}},"thoughtSignature":"CikBVKhc7qL+/Second=="},
         {"functionCall":{"id":"call_oslo","name":"get_weather","args":{"city":"Oslo"}}}]
        """),
        Turn("""[{"text":"Done.","thoughtSignature":"CikBVKhc7qL+/Third=="}]"""),
    ];

    protected override string[] ProofMembers => ["thoughtSignature"];

    protected override bool AsksStream(UpstreamExchange exchange) => exchange.Target.Contains(":streamGenerateContent", StringComparison.Ordinal);

    protected override JsonNode Whole(JsonArray turn) => Chunk(turn, "STOP");

    protected override IEnumerable<byte[]> Stream(JsonArray turn)
    {
        foreach (var part in turn)
        {
            if ((string?)part!["text"] is not { } text)
            {
                yield return ThinkingJson.Event(Chunk([part], null));
                continue;
            }

            foreach (var piece in ThinkingJson.Pieces(text))
            {
                var copy = part.DeepClone().AsObject();
                copy.Remove("thoughtSignature");
                copy["text"] = piece;
                yield return ThinkingJson.Event(Chunk([copy], null));
            }

            // The signature of a text comes last, on an empty part.
            if (part["thoughtSignature"] is { } signature)
                yield return ThinkingJson.Event(Chunk([new JsonObject { ["text"] = "", ["thoughtSignature"] = signature.DeepClone() }], null));
        }

        yield return ThinkingJson.Event(Chunk([new JsonObject { ["text"] = "" }], "STOP"));
    }

    protected override void CheckTurns(JsonNode asked, int turns)
    {
        var said = asked["contents"]!.AsArray().Where(m => (string?)m!["role"] == "model").Select(m => m!["parts"]!.AsArray()).ToArray();
        Assert.Equal(turns, said.Length);
        for (var i = 0; i < turns; i++)
            Assert.Equal(Summary(Turns[i]), Summary(said[i]));
    }

    /// <summary>What was said, without thoughts, ids and the cuts between pieces of one text.</summary>
    private static (string Text, string TextSignature, string Calls) Summary(JsonArray parts)
    {
        var spoken = parts.Where(p => p!["text"] is not null && (bool?)p["thought"] != true).ToArray();
        var calls = parts.Where(p => p!["functionCall"] is not null);
        return (
            string.Concat(spoken.Select(p => (string?)p!["text"])),
            string.Concat(spoken.Select(p => (string?)p!["thoughtSignature"])),
            string.Join(' ', calls.Select(p => $"{p!["functionCall"]!["args"]!["city"]}:{p["thoughtSignature"]}")));
    }

    private static JsonObject Chunk(IEnumerable<JsonNode?> parts, string? finish)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = ThinkingJson.Array(parts), ["role"] = "model" }, ["index"] = 0 };
        if (finish is not null)
            candidate["finishReason"] = finish;
        return new JsonObject
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = ThinkingJson.Parse("""{"promptTokenCount":12,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":17}"""),
            ["modelVersion"] = "gemini-3-pro-preview",
            ["responseId"] = "resp-1",
        };
    }

    private static JsonArray Turn([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string parts) => ThinkingJson.Parse(parts).AsArray();
}
