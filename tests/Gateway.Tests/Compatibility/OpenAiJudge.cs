using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>OpenAI's published OpenAPI description (tests/golden/openai-openapi), as npm's ajv applies it. Started by the first question.</summary>
public sealed class OpenAiJudge : IAsyncDisposable, IDisposable
{
    private NodeScript? _node;

    /// <summary>Fails unless a value is what the description's schema of that name says.</summary>
    internal async Task CheckAsync(string schema, JsonNode? value)
    {
        _node ??= NodeScript.Start(["openai-judge.mjs"]);
        await _node.WriteLineAsync(new JsonObject { ["schema"] = schema, ["value"] = value?.DeepClone() }.ToJsonString());
        var errors = await _node.ReadLineAsync();
        Assert.True(errors == "[]", errors + "\n" + value?.ToJsonString());
    }

    /// <summary>Fails unless every event of a stream is, and there is one; gives their number.</summary>
    internal async Task<int> CheckEventsAsync(string schema, string stream)
    {
        var events = stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!).ToList();
        Assert.NotEmpty(events);
        foreach (var data in events)
            await CheckAsync(schema, data);
        return events.Count;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        _node = null;
    }
}
