using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Metering;

namespace Gateway.Configuration;

/// <summary>Reads one entry of the <c>models</c> section.</summary>
internal static class ModelBinder
{
    private const string Input = "inputPerMtok";
    private const string Output = "outputPerMtok";

    private static readonly string[] Prices =
        [Input, Output, "cachedInputPerMtok", "cacheWritePerMtok", "reasoningPerMtok", "audioInputPerMtok", "audioOutputPerMtok"];

    /// <summary>Binds an entry; null when its name is no address.</summary>
    public static ModelConfig? Bind(string address, ConfigNode node, ProblemList problems)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return null;
        var path = JsonPath.Member(JsonPath.Member(JsonPath.Root, "models"), address);
        if (node.Kind == JsonValueKind.Object && node.Members.Count == 0) problems.Add(path, "says nothing and so has no effect; remove it");
        return new ModelConfig(address[..slash], address[(slash + 1)..])
        {
            Mode = node.Find("mode") is { Kind: JsonValueKind.String } mode ? mode.Text : null,
            ContextWindow = Tokens(node.Find("contextWindow")),
            MaxOutput = Tokens(node.Find("maxOutput")),
            Price = Price(node, path, problems),
        };
    }

    private static ModelPrice? Price(ConfigNode node, string path, ProblemList problems)
    {
        if (!Prices.Any(name => node.Find(name) is not null)) return null;
        var embedding = node.Find("mode") is { Text: "embedding" };
        if (node.Find(Input) is null)
            problems.Add(JsonPath.Member(path, Input), "is missing; prices here replace the catalogue's as a whole, so input must be among them");
        if (node.Find(Output) is null && !embedding)
            problems.Add(JsonPath.Member(path, Output), "is missing; prices here replace the catalogue's as a whole (for an embedding model write \"mode\": \"embedding\" instead)");
        if (Nano(node.Find(Input)) is not { } input || Nano(node.Find(Output)) is not { } output && !Absent(out output)) return null;
        return new ModelPrice(Version(node), input, output)
        {
            CacheRead = Nano(node.Find("cachedInputPerMtok")),
            CacheWrite = Nano(node.Find("cacheWritePerMtok")),
            Reasoning = Nano(node.Find("reasoningPerMtok")),
            AudioInput = Nano(node.Find("audioInputPerMtok")),
            AudioOutput = Nano(node.Find("audioOutputPerMtok")),
        };

        bool Absent(out long none)
        {
            none = 0;
            return embedding;
        }
    }

    // The version changes exactly when a price does, so that ledger entries tell which one they used.
    private static string Version(ConfigNode node)
    {
        var text = new StringBuilder();
        foreach (var name in Prices) text.Append(name).Append('=').Append(Nano(node.Find(name))?.ToString(CultureInfo.InvariantCulture)).Append(';');
        return string.Create(CultureInfo.InvariantCulture, $"config:{(uint)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())):x8}");
    }

    private static long? Nano(ConfigNode? node) =>
        NumberShape.Read(node) is { } usd and >= 0 and <= 1_000_000 ? (long)(usd * 1_000_000_000m) : null;

    private static int? Tokens(ConfigNode? node) =>
        NumberShape.Read(node) is { } value and >= 1 and <= int.MaxValue ? (int)value : null;
}
