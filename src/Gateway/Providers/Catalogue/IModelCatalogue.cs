using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>What is known of models, as the configuration compiler needs it. Immutable.</summary>
internal interface IModelCatalogue
{
    /// <summary>The card of one model, or null.</summary>
    /// <param name="provider">Provider id.</param>
    /// <param name="id">The model's id on that provider's wire.</param>
    ModelCard? Find(string provider, string id);

    /// <summary>Every model of a provider.</summary>
    IEnumerable<ModelCard> OfProvider(string provider);

    /// <summary>The providers that list a bare model id.</summary>
    IReadOnlyList<string> ProvidersListing(string bareModelId);

    /// <summary>This catalogue with cards added or replaced.</summary>
    IModelCatalogue With(IEnumerable<ModelCard> cards);

    /// <summary>The dearest known price of a provider, or of the whole catalogue when it has none. Never zero.</summary>
    ModelPrice Ceiling(string provider);
}
