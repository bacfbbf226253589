using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>How one API shows models.</summary>
internal interface IModelShape
{
    /// <summary>How its list is taken in pages; null: it is given whole.</summary>
    ModelPaging? Paging => null;

    /// <summary>Whether its list shows a model: one that clients of the API can't ask for anything would only mislead them.</summary>
    bool Shows(ListedModel model) => model.IsChat || model.IsEmbedding;

    /// <summary>Writes a page of the list.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="models">The page.</param>
    /// <param name="hasMore">Whether another follows.</param>
    void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore);

    /// <summary>Writes one model.</summary>
    void WriteModel(Utf8JsonWriter json, ListedModel model);
}
