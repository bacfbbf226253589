using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Providers.Catalogue;
using Gateway.Routing.Health;

namespace Gateway.Routing;

/// <summary>Makes targets: finds the card and the price of a model at a provider.</summary>
/// <param name="catalogue">What is publicly known.</param>
/// <param name="overrides">What the operator says instead, by <c>provider/model</c>.</param>
/// <param name="states">What is going on with them.</param>
internal sealed class TargetFactory(IModelCatalogue catalogue, IReadOnlyDictionary<string, ModelCard> overrides, TargetStates states)
{
    /// <summary>Makes a target.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model's id on its wire; the catalogue need not know it.</param>
    /// <param name="policy">What to do when its price is unknown.</param>
    /// <param name="terms">On what terms it is used; null: the usual ones.</param>
    public TargetSnapshot Create(RoutableProvider provider, string model, UnknownPricePolicy policy, TargetTerms? terms = null)
    {
        var card = overrides.GetValueOrDefault($"{provider.Snapshot.Id}/{model}") ?? catalogue.Find(provider.CatalogueName, model);
        return Create(provider, model, card, policy, terms ?? TargetTerms.Usual);
    }

    /// <summary>Every model that the operator or the catalogue lists for a provider, the operator's word first.</summary>
    public IEnumerable<ModelCard> CardsOf(RoutableProvider provider)
    {
        foreach (var card in overrides.Values)
        {
            if (card.Provider == provider.Snapshot.Id) yield return card;
        }

        foreach (var card in catalogue.OfProvider(provider.CatalogueName))
        {
            if (!overrides.ContainsKey($"{provider.Snapshot.Id}/{card.Id}")) yield return card;
        }
    }

    /// <summary>Makes a target of a model whose card is at hand.</summary>
    public TargetSnapshot Create(RoutableProvider provider, string model, ModelCard? card, UnknownPricePolicy policy) =>
        Create(provider, model, card, policy, TargetTerms.Usual);

    private TargetSnapshot Create(RoutableProvider provider, string model, ModelCard? card, UnknownPricePolicy policy, TargetTerms terms) => new()
    {
        Provider = provider.Snapshot,
        Model = model,
        ModelJson = Quote(model),
        State = states.Of(StateName($"{provider.Snapshot.Id}/{model}", terms.Variant)),
        Weight = terms.Weight,
        SpillAbove = terms.SpillAbove,
        MaxConcurrency = terms.MaxConcurrency,
        Card = card,
        Price = card?.Price ?? Unknown(provider, policy),
    };

    // No model has a space in its name, so that the two can't be confused.
    private static string StateName(string address, string? variant) => variant is null ? address : $"{address} [{variant}]";

    private ModelPrice? Unknown(RoutableProvider provider, UnknownPricePolicy policy) =>
        policy == UnknownPricePolicy.Fail ? null : catalogue.Ceiling(provider.CatalogueName);

    // The escaper is relaxed because the bytes go into a JSON request, never into a page.
    private static byte[] Quote(string model)
    {
        var text = JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        return [(byte)'"', .. text, (byte)'"'];
    }
}
