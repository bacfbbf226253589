using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>The models of the built-in simulator. Their prices are nominal, so that metering has something to count.</summary>
internal static class SimulatorCards
{
    /// <summary>The simulator's provider id.</summary>
    public const string Provider = "simulator";

    private static readonly string[] ChatModels =
    [
        "echo", "chat", "reasoner", "json", "tools",
        "fault-429", "fault-500-once", "fault-503", "fault-reset", "fault-silence", "fault-slow-first-token", "fault-cut", "fault-stall",
        "fault-malformed", "fault-no-done", "fault-context-length", "fault-content-filter",
    ];

    /// <summary>A card per simulator model.</summary>
    public static IEnumerable<ModelCard> All(string asOf)
    {
        var version = $"catalogue:{asOf}";
        var chat = new ModelPrice(version, MoneyText.ToNanoUsd(0.10m), MoneyText.ToNanoUsd(0.40m)) { CacheRead = MoneyText.ToNanoUsd(0.025m) };
        foreach (var id in ChatModels)
        {
            yield return new ModelCard(Provider, id, "chat")
            {
                Price = chat,
                ContextWindow = 128_000,
                MaxOutput = 16_384,
                Capabilities = id == "reasoner" ? ["tools", "json_schema", "reasoning"] : ["tools", "json_schema"],
            };
        }

        yield return new ModelCard(Provider, "embed", "embedding")
        {
            Price = new ModelPrice(version, MoneyText.ToNanoUsd(0.02m), 0),
            ContextWindow = 8_192,
        };
    }
}
