using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>Cohere's list.</summary>
internal sealed class CohereModels : IModelShape
{
    public ModelPaging Paging { get; } = new("page_size", 20, 1_000, "page_token");

    public bool Shows(ListedModel model) => model.IsChat || model.IsEmbedding || model.IsRerank;

    public void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore)
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var model in models)
            WriteModel(json, model);
        json.WriteEndArray();
        if (hasMore)
            json.WriteString("next_page_token"u8, models[^1].Id);
        json.WriteEndObject();
    }

    public void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Id);
        json.WriteBoolean("finetuned"u8, false);
        json.WriteStartArray("endpoints"u8);
        json.WriteStringValue(model.IsEmbedding ? "embed"u8 : model.IsRerank ? "rerank"u8 : "chat"u8);
        json.WriteEndArray();
        if (model.ContextWindow is { } window)
            json.WriteNumber("context_length"u8, window);
        json.WriteEndObject();
    }
}
