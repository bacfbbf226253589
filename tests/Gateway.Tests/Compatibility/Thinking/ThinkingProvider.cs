using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>A provider whose model thinks and calls tools in two turns and answers in the third, signing its thoughts as its wire does.</summary>
internal abstract class ThinkingProvider
{
    /// <summary>What a client asks for.</summary>
    public abstract string Model { get; }

    /// <summary>What the model says in each turn, on the provider's wire.</summary>
    public abstract IReadOnlyList<JsonArray> Turns { get; }

    /// <summary>Members that prove a thought to its vendor.</summary>
    protected abstract string[] ProofMembers { get; }

    /// <summary>The proofs of the turns before one.</summary>
    public IEnumerable<string> Proofs(int turns) => Turns.Take(turns).SelectMany(Find);

    /// <summary>Answers with a turn.</summary>
    public async Task AnswerAsync(UpstreamExchange exchange, int turn)
    {
        var response = exchange.Context.Response;
        if (!AsksStream(exchange))
        {
            response.ContentType = "application/json";
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(ThinkingJson.Text(Whole(Turns[turn]))));
            return;
        }

        response.ContentType = StreamType;
        foreach (var piece in Stream(Turns[turn]))
        {
            await response.Body.WriteAsync(piece);
            await response.Body.FlushAsync();
        }
    }

    /// <summary>Checks that a request holds the turns before it, each proof to the byte and in its place.</summary>
    public void CheckAsked(UpstreamExchange exchange, int turns)
    {
        foreach (var proof in Proofs(turns))
            Assert.Contains('"' + proof + '"', exchange.BodyText, StringComparison.Ordinal);
        CheckTurns(ThinkingJson.Parse(exchange.BodyText), turns);
    }

    protected virtual string StreamType => "text/event-stream";

    protected virtual bool AsksStream(UpstreamExchange exchange) => (bool?)ThinkingJson.Parse(exchange.BodyText)["stream"] == true;

    protected abstract JsonNode Whole(JsonArray turn);

    protected abstract IEnumerable<byte[]> Stream(JsonArray turn);

    protected abstract void CheckTurns(JsonNode asked, int turns);

    /// <summary>Checks that blocks are the same, one by one.</summary>
    protected static void Same(IEnumerable<JsonNode?> expected, IEnumerable<JsonNode?> actual) =>
        Assert.Equal(string.Join('\n', expected.Select(ThinkingJson.Text)), string.Join('\n', actual.Select(ThinkingJson.Text)));

    /// <summary>The blocks with text that a client cut into neighbours made one again.</summary>
    protected static List<JsonNode> Joined(JsonArray blocks)
    {
        var joined = new List<JsonNode>();
        foreach (var block in blocks)
        {
            if (block!["text"] is { } text && joined.Count > 0 && joined[^1]["text"] is not null)
                ThinkingJson.Append(joined[^1], "text", (string?)text);
            else
                joined.Add(block.DeepClone());
        }

        return joined;
    }

    private IEnumerable<string> Find(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(Find),
        JsonObject members => members.SelectMany(m => ProofMembers.Contains(m.Key) ? [(string)m.Value!] : Find(m.Value)),
        _ => [],
    };
}
