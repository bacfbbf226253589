using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>What is known of models, as far as compiling a configuration needs it. Immutable.</summary>
internal interface IModelCatalogue
{
    /// <summary>The card of one model, or null.</summary>
    /// <param name="provider">Provider id.</param>
    /// <param name="id">The model's id on that provider's wire.</param>
    ModelCard? Find(string provider, string id);

    /// <summary>Every model of a provider.</summary>
    IReadOnlyList<ModelCard> OfProvider(string provider);

    /// <summary>The dearest known price of a provider, or of the whole catalogue when it has none. Never zero.</summary>
    ModelPrice Ceiling(string provider);
}
