using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>What is publicly known of models: prices, limits, capabilities. Immutable and safe to share.</summary>
internal sealed class ModelCatalogue : IModelCatalogue
{
    /// <summary>The id of the card that stands for every model of a local runtime.</summary>
    public const string Wildcard = "*";

    private static readonly Lazy<ModelCatalogue> Embedded = new(CatalogueReader.ReadEmbedded);

    private readonly Dictionary<string, Dictionary<string, ModelCard>> _providers;

    private ModelCatalogue(string asOf, Dictionary<string, Dictionary<string, ModelCard>> providers)
    {
        AsOf = asOf;
        _providers = providers;
    }

    /// <summary>The day of the embedded data, <c>yyyy-MM-dd</c>.</summary>
    public string AsOf { get; }

    /// <summary>The embedded catalogue; read once per process, on first use.</summary>
    public static ModelCatalogue Load() => Embedded.Value;

    /// <summary>Builds a catalogue; a later card replaces an earlier one of the same provider and id.</summary>
    internal static ModelCatalogue Create(string asOf, IEnumerable<ModelCard> cards)
    {
        var providers = new Dictionary<string, Dictionary<string, ModelCard>>(StringComparer.Ordinal);
        AddAll(providers, cards);
        return new ModelCatalogue(asOf, providers);
    }

    /// <summary>The card of a model, or null. A model that a local runtime may serve but nobody listed gets the runtime's wildcard card under its own id.</summary>
    public ModelCard? Find(string provider, string id)
    {
        if (!_providers.TryGetValue(provider, out var cards))
            return null;
        if (cards.TryGetValue(id, out var card))
            return card;
        return cards.TryGetValue(Wildcard, out var any) ? any with { Id = id } : null;
    }

    /// <summary>The models listed for a provider, wildcards left out; empty for an unknown provider.</summary>
    public IReadOnlyList<ModelCard> OfProvider(string provider) =>
        _providers.TryGetValue(provider, out var cards) ? [.. cards.Values.Where(card => card.Id != Wildcard)] : [];

    /// <summary>Ids of the providers that list exactly this model id, in the catalogue's order; wildcards do not count.</summary>
    public IReadOnlyList<string> ProvidersListing(string bareModelId) =>
        bareModelId == Wildcard ? [] : [.. _providers.Where(pair => pair.Value.ContainsKey(bareModelId)).Select(pair => pair.Key)];

    /// <summary>A catalogue in which these cards replace or join the present ones.</summary>
    public ModelCatalogue With(IEnumerable<ModelCard> overrides)
    {
        var providers = _providers.ToDictionary(pair => pair.Key, pair => new Dictionary<string, ModelCard>(pair.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        AddAll(providers, overrides);
        return new ModelCatalogue(AsOf, providers);
    }

    /// <summary>
    /// A price that no known chat model of the provider exceeds in any class or tier; that of the whole catalogue when the provider has no
    /// chat model that costs anything, because a ceiling of zero would make unknown models free.
    /// </summary>
    public ModelPrice Ceiling(string provider)
    {
        var version = $"ceiling:{AsOf}";
        var own = _providers.TryGetValue(provider, out var cards) ? PriceCeiling.Of(version, cards.Values) : null;
        return own ?? PriceCeiling.Of(version, _providers.Values.SelectMany(each => each.Values)) ?? new ModelPrice(version, 0, 0);
    }

    private static void AddAll(Dictionary<string, Dictionary<string, ModelCard>> providers, IEnumerable<ModelCard> cards)
    {
        foreach (var card in cards)
        {
            if (!providers.TryGetValue(card.Provider, out var own))
                providers.Add(card.Provider, own = new Dictionary<string, ModelCard>(StringComparer.Ordinal));
            own[card.Id] = card;
        }
    }
}
