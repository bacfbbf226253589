using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>Google's list.</summary>
internal sealed class GeminiModels : IModelShape
{
    public ModelPaging Paging { get; } = new("pageSize", 50, 1_000, "pageToken");

    public void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore)
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var model in models)
            WriteModel(json, model);
        json.WriteEndArray();
        if (hasMore)
            json.WriteString("nextPageToken"u8, models[^1].Id);
        json.WriteEndObject();
    }

    public void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "models/" + model.Id);
        json.WriteString("version"u8, "1"u8);
        json.WriteString("displayName"u8, model.Id);
        json.WriteString("description"u8, $"Served by {model.Provider}.");
        if (model.ContextWindow is { } window)
            json.WriteNumber("inputTokenLimit"u8, window);
        if (model.MaxOutput is { } output)
            json.WriteNumber("outputTokenLimit"u8, output);
        json.WriteStartArray("supportedGenerationMethods"u8);
        if (model.IsEmbedding)
        {
            json.WriteStringValue("embedContent"u8);
            json.WriteStringValue("batchEmbedContents"u8);
        }
        else
        {
            json.WriteStringValue("generateContent"u8);
            json.WriteStringValue("countTokens"u8);
        }

        json.WriteEndArray();
        if (model.Capabilities?.Contains("reasoning") == true)
            json.WriteBoolean("thinking"u8, true);
        json.WriteEndObject();
    }
}
