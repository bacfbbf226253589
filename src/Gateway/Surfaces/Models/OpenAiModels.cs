using System.Text.Json;

namespace Gateway.Surfaces.Models;

/// <summary>OpenAI's list, with members of our own: limits, modalities, price.</summary>
internal sealed class OpenAiModels : IModelShape
{
    /// <summary>Everything: the other APIs' clients have no endpoint for images, speech and the like.</summary>
    public bool Shows(ListedModel model) => true;

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
        WriteUsd(json, "input_usd_per_mtok"u8, price.Input);
        WriteUsd(json, "output_usd_per_mtok"u8, price.Output);
        WriteUsd(json, "cached_input_usd_per_mtok"u8, price.CachedInput);
        WriteUsd(json, "cache_write_usd_per_mtok"u8, price.CacheWrite);
        WriteUsd(json, "audio_input_usd_per_mtok"u8, price.AudioInput);
        WriteUsd(json, "audio_output_usd_per_mtok"u8, price.AudioOutput);
        WriteUsd(json, "usd_per_search"u8, price.Search);
        WriteUsd(json, "usd_per_image"u8, price.Image);
        WriteUsd(json, "usd_per_megapixel"u8, price.Megapixel);
        WriteUsd(json, "usd_per_audio_minute"u8, price.AudioMinute);
        WriteUsd(json, "usd_per_mchar"u8, price.MillionCharacters);
        json.WriteEndObject();
    }

    private static void WriteUsd(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? usd)
    {
        if (usd is { } known)
            json.WriteNumber(name, known);
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
