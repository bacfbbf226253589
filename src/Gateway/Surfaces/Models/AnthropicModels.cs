using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>Anthropic's list.</summary>
internal sealed class AnthropicModels : IModelShape
{
    public ModelPaging Paging { get; } = new("limit", 20, 1_000, "after_id");

    /// <summary>That API only chats.</summary>
    public bool Shows(ListedModel model) => model.IsChat;

    public void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var model in models)
            WriteModel(json, model);
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteString("first_id"u8, models.Count > 0 ? models[0].Id : null);
        json.WriteString("last_id"u8, models.Count > 0 ? models[^1].Id : null);
        json.WriteEndObject();
    }

    public void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Id);
        json.WriteString("display_name"u8, model.Id);
        json.WriteString("created_at"u8, "1970-01-01T00:00:00Z"u8); // what that API writes for an unknown date
        if (model.ContextWindow is { } window)
            json.WriteNumber("max_input_tokens"u8, window);
        if (model.MaxOutput is { } output)
            json.WriteNumber("max_tokens"u8, output);
        json.WriteEndObject();
    }
}
