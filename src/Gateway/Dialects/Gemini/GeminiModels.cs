using System.Buffers;
using System.Text.Json;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes what <c>GET …/models</c> and <c>GET …/models/{id}</c> answer.</summary>
internal static class GeminiModels
{
    /// <summary>Writes a list.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="models">The models.</param>
    /// <param name="nextPageToken">What asks for the next page, or null on the last.</param>
    public static void Write(IBufferWriter<byte> output, IEnumerable<GeminiModel> models, string? nextPageToken = null)
    {
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        writer.WriteStartArray("models"u8);
        foreach (var model in models)
            Write(writer, model);
        writer.WriteEndArray();
        if (nextPageToken is not null)
            writer.WriteText("nextPageToken"u8, nextPageToken);
        writer.WriteEndObject();
    }

    /// <summary>Writes one model.</summary>
    public static void Write(IBufferWriter<byte> output, GeminiModel model)
    {
        using var writer = WireJson.Writer(output);
        Write(writer, model);
    }

    private static void Write(Utf8JsonWriter writer, GeminiModel model)
    {
        writer.WriteStartObject();
        writer.WriteText("name"u8, "models/" + model.Id);
        writer.WriteText("baseModelId"u8, model.Id);
        writer.WriteString("version"u8, "001"u8);
        writer.WriteText("displayName"u8, model.DisplayName ?? model.Id);
        if (model.InputTokenLimit is { } input)
            writer.WriteNumber("inputTokenLimit"u8, input);
        if (model.OutputTokenLimit is { } output)
            writer.WriteNumber("outputTokenLimit"u8, output);
        writer.WriteStartArray("supportedGenerationMethods"u8);
        foreach (var method in model.Methods)
            writer.WriteStringValue(method);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
