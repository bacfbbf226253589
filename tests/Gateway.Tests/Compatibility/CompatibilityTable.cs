using System.Text;

namespace Gateway.Tests.Compatibility;

/// <summary>The table of docs/compatibility.md.</summary>
internal static class CompatibilityTable
{
    /// <summary>The whole page.</summary>
    public static string Render(IReadOnlyDictionary<(string Surface, string Provider, Feature Feature), string> seen)
    {
        var names = CompatibilityFixture.Wires.Select(w => w.Name).ToArray();
        var features = Enum.GetValues<Feature>();
        var page = new StringBuilder();
        page.Append("# Which client can talk to which provider\n\n");
        page.Append("Rows are the APIs that clients call, columns the wire formats of providers. A cell says how many of the ").Append(features.Length);
        page.Append(" checks below passed: each was run through a real gateway between a client and a provider written by hand for these tests. On the diagonal the bytes are relayed; everywhere else they are translated. This page is written by `UPDATE_DOCS=1 dotnet test --filter CompatibilityTests`, and a test holds it.\n\n");
        page.Append("| client ↓ provider → |").Append(string.Concat(names.Select(n => $" {n} |"))).Append('\n');
        page.Append("|---|").Append(string.Concat(names.Select(_ => "---|"))).Append('\n');
        foreach (var surface in names)
        {
            page.Append("| ").Append(surface).Append(" |");
            foreach (var provider in names)
                page.Append(' ').Append(features.Count(f => seen.ContainsKey((surface, provider, f)))).Append('/').Append(features.Length).Append(" |");
            page.Append('\n');
        }

        page.Append("\n## The checks\n\n| check | what is tried | passed |\n|---|---|---|\n");
        foreach (var feature in features)
            page.Append("| ").Append(Word(feature)).Append(" | ").Append(What(feature)).Append(" | ").Append(seen.Keys.Count(k => k.Feature == feature)).Append(" of ").Append(names.Length * names.Length).Append(" |\n");
        page.Append("\n## What was left out\n\nWhat a target can't be told is named in `x-gateway-dropped` (and is an error with `x-gateway-strict: 1`). In these checks:\n\n| client | provider | check | left out |\n|---|---|---|---|\n");
        foreach (var surface in names)
        {
            foreach (var provider in names)
            {
                foreach (var feature in features)
                {
                    if (seen.TryGetValue((surface, provider, feature), out var dropped) && dropped.Length > 0)
                        page.Append("| ").Append(surface).Append(" | ").Append(provider).Append(" | ").Append(Word(feature)).Append(" | `").Append(dropped).Append("` |\n");
                }
            }
        }

        return page.ToString();
    }

    private static string Word(Feature feature) => feature == Feature.ParallelTools ? "parallel tools" : feature.ToString().ToLowerInvariant();

    private static string What(Feature feature) => feature switch
    {
        Feature.Chat => "a whole reply: text, finish reason, usage",
        Feature.Stream => "the same as a stream, with its proper end",
        Feature.Tools => "a tool is offered and called, streamed",
        Feature.ParallelTools => "two earlier calls and their results go in, two calls come out, streamed",
        Feature.Structured => "an answer held to a JSON schema",
        Feature.Image => "an image as data reaches the provider",
        Feature.Thinking => "reasoning is asked for and comes back apart from the text, streamed",
        Feature.Error => "the provider's 429 arrives in the client's own shape, with Retry-After, whole and streamed",
        _ => "the client leaves mid-stream and the provider sees it go",
    };
}
