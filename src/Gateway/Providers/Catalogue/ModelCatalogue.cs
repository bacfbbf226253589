using System.Globalization;
using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>
/// What is publicly known of models: prices, limits, capabilities. Immutable and safe to share. Opening it only finds where each provider's
/// models stand; they are read when a provider is first asked for.
/// </summary>
internal sealed class ModelCatalogue : IModelCatalogue
{
    /// <summary>The id of the card that stands for every model of a local runtime.</summary>
    public const string Wildcard = "*";

    private static readonly Lazy<ModelCatalogue> Embedded = new(CatalogueReader.ReadEmbedded);

    private readonly Dictionary<string, ProviderCards> _providers;

    internal ModelCatalogue(string asOf, Dictionary<string, ProviderCards> providers)
    {
        AsOf = asOf;
        _providers = providers;
    }

    /// <summary>The day of the embedded data, <c>yyyy-MM-dd</c>.</summary>
    public string AsOf { get; }

    /// <summary><see cref="AsOf"/> as a day.</summary>
    public DateOnly Day => DateOnly.ParseExact(AsOf, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Ids of all providers, in the catalogue's order.</summary>
    public IReadOnlyCollection<string> Providers => _providers.Keys;

    /// <summary>The embedded catalogue; opened once per process, on first use.</summary>
    public static ModelCatalogue Load() => Embedded.Value;

    /// <summary>The card of a model, or null. A model that a local runtime may serve but nobody listed gets the runtime's wildcard card under its own id.</summary>
    public ModelCard? Find(string provider, string id)
    {
        if (!_providers.TryGetValue(provider, out var cards))
            return null;
        if (cards.ById.TryGetValue(id, out var card))
            return card;
        return cards.ById.TryGetValue(Wildcard, out var any) ? any with { Id = id } : null;
    }

    /// <summary>The models listed for a provider, wildcards left out; empty for an unknown provider.</summary>
    public IReadOnlyList<ModelCard> OfProvider(string provider) =>
        _providers.TryGetValue(provider, out var cards) ? [.. cards.ById.Values.Where(card => card.Id != Wildcard)] : [];

    /// <summary>Ids of the providers that list exactly this model id, in the catalogue's order; wildcards do not count.</summary>
    public IReadOnlyList<string> ProvidersListing(string bareModelId) =>
        bareModelId == Wildcard ? [] : [.. _providers.Where(pair => pair.Value.Lists(bareModelId)).Select(pair => pair.Key)];

    /// <summary>A catalogue in which these cards replace or join the present ones; the last of several for one model wins.</summary>
    public ModelCatalogue With(IEnumerable<ModelCard> overrides)
    {
        var providers = new Dictionary<string, ProviderCards>(_providers, StringComparer.Ordinal);
        foreach (var group in overrides.GroupBy(card => card.Provider, StringComparer.Ordinal))
            providers[group.Key] = new ProviderCards(providers.GetValueOrDefault(group.Key), [.. group]);
        return new ModelCatalogue(AsOf, providers);
    }

    /// <summary>
    /// A price that no known chat model of the provider exceeds in any class or tier; that of the whole catalogue when the provider has no
    /// chat model that costs anything, because a ceiling of zero would make unknown models free.
    /// </summary>
    public ModelPrice Ceiling(string provider)
    {
        var version = $"ceiling:{AsOf}";
        var own = _providers.TryGetValue(provider, out var cards) ? PriceCeiling.Of(version, cards.ById.Values) : null;
        return own
            ?? PriceCeiling.Of(version, _providers.Values.SelectMany(each => each.ById.Values))
            ?? throw new InvalidOperationException("No chat model of the catalogue has a price.");
    }
}
