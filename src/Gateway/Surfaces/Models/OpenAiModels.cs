using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>OpenAI's list, with members of our own: limits, modalities, price.</summary>
internal sealed class OpenAiModels : IModelShape
{
    public void WriteList(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, bool hasMore)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in models)
            WriteModel(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0); // no catalogue says when, and clients want a number
        json.WriteString("owned_by"u8, model.Provider);
        if (model.Mode is { } mode)
            json.WriteString("mode"u8, mode);
        if (model.ContextWindow is { } window)
            json.WriteNumber("context_window"u8, window);
        if (model.MaxOutput is { } output)
            json.WriteNumber("max_output_tokens"u8, output);
        if (model.Capabilities is { } capabilities)
        {
            WriteTexts(json, "capabilities"u8, capabilities);
            WriteTexts(json, "input_modalities"u8, model.Inputs);
            WriteTexts(json, "output_modalities"u8, model.Outputs);
        }

        if (model.Price is { } price)
            WritePrice(json, price);
        json.WriteEndObject();
    }

    private static void WritePrice(Utf8JsonWriter json, ListedPrice price)
    {
        json.WriteStartObject("price"u8);
        json.WriteString("version"u8, price.Version);
        json.WriteNumber("input_usd_per_mtok"u8, price.Input);
        json.WriteNumber("output_usd_per_mtok"u8, price.Output);
        if (price.CachedInput is { } read)
            json.WriteNumber("cached_input_usd_per_mtok"u8, read);
        if (price.CacheWrite is { } write)
            json.WriteNumber("cache_write_usd_per_mtok"u8, write);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
