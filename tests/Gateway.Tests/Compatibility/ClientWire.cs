using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>
/// One wire format from both ends, written by hand from its documentation and sharing no code with the gateway: what a client sends and
/// reads, and what a provider reads and answers.
/// </summary>
internal abstract class ClientWire
{
    public const string Image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

    /// <summary>Name in the table.</summary>
    public abstract string Name { get; }

    /// <summary>Id of the provider that speaks it.</summary>
    public abstract string Provider { get; }

    /// <summary>The provider's configuration, but for its address.</summary>
    public abstract string Settings { get; }

    /// <summary>What is joined to the fake upstream's address.</summary>
    public virtual string BasePath => "/" + Provider;

    /// <summary>Path of the client's call; the model may stand in it.</summary>
    public abstract string Path(string model, bool stream);

    /// <summary>Body of the client's call.</summary>
    public abstract JsonNode Ask(Feature feature, string model, bool stream);

    /// <summary>Reads a whole reply as a client does.</summary>
    public abstract Answer ReadWhole(JsonNode reply);

    /// <summary>Reads a stream as a client does.</summary>
    public abstract Answer ReadStream(byte[] stream);

    /// <summary>Checks that an error has this wire's own shape and says "rate limit".</summary>
    public abstract void CheckRateLimit(JsonNode error, HttpResponseMessage response);

    /// <summary>Whether a request that reached the upstream asks for a stream.</summary>
    public abstract bool AsksStream(UpstreamExchange exchange, JsonNode body);

    /// <summary>Checks that the provider was asked, on its own wire, for what the client wanted.</summary>
    public abstract void CheckAsked(Feature feature, JsonNode body);

    /// <summary>The provider's whole reply.</summary>
    public abstract JsonNode Reply(Feature feature, JsonNode asked);

    /// <summary>The provider's stream, one write each.</summary>
    public abstract IEnumerable<byte[]> Stream(Feature feature, JsonNode asked);

    /// <summary>Content type of the provider's stream.</summary>
    public virtual string StreamType => "text/event-stream";

    /// <summary>The provider's 429.</summary>
    public abstract JsonNode RateLimit { get; }

    /// <summary>Headers of the provider's 429.</summary>
    public virtual (string Name, string Value)? RateLimitHeader => null;

    /// <summary>The text a feature's answer has.</summary>
    protected static string TextOf(Feature feature) => feature == Feature.Structured ? """{"answer":42}""" : "Hello there.";

    /// <summary>The cities whose weather a feature's answer asks for.</summary>
    protected static string[] CitiesOf(Feature feature) => feature switch
    {
        Feature.Tools => ["Paris"],
        Feature.ParallelTools => ["Oslo", "Rome"],
        _ => [],
    };

    protected static JsonObject Schema => JsonNode.Parse("""{"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"],"additionalProperties":false}""")!.AsObject();

    protected static JsonObject Parameters => JsonNode.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")!.AsObject();

    protected static JsonNode Json([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string text) => JsonNode.Parse(text)!;

    /// <summary>The same JSON without white space.</summary>
    protected static string Compact(string json) => json.Length == 0 ? "" : JsonNode.Parse(json)!.ToJsonString();

    protected static IEnumerable<JsonNode> SseData(byte[] stream, out bool done)
    {
        var text = System.Text.Encoding.UTF8.GetString(stream).ReplaceLineEndings("\n");
        done = text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        return [.. text.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!)];
    }

    protected static byte[] Event(JsonNode data) => System.Text.Encoding.UTF8.GetBytes("data: " + data.ToJsonString() + "\n\n");

    /// <summary>An event named by its <c>type</c>.</summary>
    protected static byte[] Named(JsonNode data) => System.Text.Encoding.UTF8.GetBytes($"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n");

    /// <summary>Splits text in two, as a model's tokens would be.</summary>
    protected static string[] Pieces(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    protected static JsonArray Array(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    protected static JsonArray Array(params JsonNode?[] nodes) => new(nodes);
}
