using Gateway.Metering;
using Gateway.Providers.Catalogue;

namespace Gateway.Tests.Configuration;

/// <summary>A handful of models that show every rule.</summary>
internal sealed class FakeCatalogue : IModelCatalogue
{
    public static readonly FakeCatalogue Instance = new();

    private static readonly ModelCard[] Cards =
    [
        new("openai", "gpt-4o", "chat") { Price = new ModelPrice("catalogue:1", 2_500_000_000, 10_000_000_000), ContextWindow = 128_000 },
        new("openai", "text-embedding-3-small", "embedding") { Price = new ModelPrice("catalogue:1", 20_000_000, 0) },
        new("openai", "gpt-image-1", "image"),
        new("openai", "a-video", "video"),
        new("openai", "unpriced", "chat"),
        new("azure", "gpt-4o", "chat") { Price = new ModelPrice("catalogue:1", 2_750_000_000, 11_000_000_000) },
        new("groq", "openai/gpt-oss-120b", "chat") { Price = new ModelPrice("catalogue:1", 150_000_000, 750_000_000) },
        new("together", "meta-llama/Llama-4", "chat") { Price = new ModelPrice("catalogue:1", 270_000_000, 850_000_000) },
        new("simulator", "echo", "chat") { Price = new ModelPrice("catalogue:1", 1, 1) },
    ];

    public ModelCard? Find(string provider, string id) => Cards.FirstOrDefault(c => c.Provider == provider && c.Id == id);

    public IReadOnlyList<ModelCard> OfProvider(string provider) => [.. Cards.Where(c => c.Provider == provider)];

    public ModelPrice Ceiling(string provider) => new($"ceiling:{provider}", 99_000_000_000, 99_000_000_000);
}
