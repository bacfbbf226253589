using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>Ollama's tags, and what <c>/api/show</c> says of one model.</summary>
internal sealed class OllamaModels : IModelShape
{
    public void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore)
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, model.Id);
            json.WriteString("model"u8, model.Id);
            json.WriteString("modified_at"u8, "1970-01-01T00:00:00Z"u8);
            json.WriteNumber("size"u8, 0);
            json.WriteString("digest"u8, ""u8);
            WriteDetails(json, model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("modified_at"u8, "1970-01-01T00:00:00Z"u8);
        WriteDetails(json, model);
        json.WriteStartObject("model_info"u8);
        json.WriteString("general.architecture"u8, model.Provider);
        if (model.ContextWindow is { } window)
            json.WriteNumber(model.Provider + ".context_length", window);
        json.WriteEndObject();
        json.WriteStartArray("capabilities"u8);
        json.WriteStringValue(model.IsEmbedding ? "embedding"u8 : "completion"u8);
        foreach (var capability in model.Capabilities ?? [])
        {
            if (capability is "tools" or "vision")
                json.WriteStringValue(capability);
            else if (capability == "reasoning")
                json.WriteStringValue("thinking"u8);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject("details"u8);
        json.WriteString("parent_model"u8, ""u8);
        json.WriteString("format"u8, ""u8);
        json.WriteString("family"u8, model.Provider);
        json.WriteStartArray("families"u8);
        json.WriteStringValue(model.Provider);
        json.WriteEndArray();
        json.WriteString("parameter_size"u8, ""u8);
        json.WriteString("quantization_level"u8, ""u8);
        json.WriteEndObject();
    }
}
