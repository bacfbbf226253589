using System.Globalization;
using System.Text.Json;
using Gateway.Dialects.Gemini.Schemas;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes <c>generationConfig</c>.</summary>
internal static class GeminiConfigWriter
{
    private const string Path = "generationConfig";
    private const int MostStops = 5;
    private const int MostCandidates = 8;
    private const int MostLogprobs = 20;

    // Voices of OpenAI's, which mean nothing here.
    private static readonly string[] ForeignVoices =
        ["alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse"];

    public static void Write(Utf8JsonWriter writer, ChatRequest request, GeminiTraits traits, DroppedMembers dropped)
    {
        var config = new LazyObject(writer, Path);
        WriteStop(config, request.Stop, dropped);
        WriteSampling(config, request, dropped);
        WriteFormat(config, request, traits, dropped);
        WriteModalities(config, request.Modalities);
        WriteSpeech(config, request.AudioOutput, dropped);
        var thinking = new LazyObject(writer, "thinkingConfig");
        if (request.Reasoning is { } reasoning)
            GeminiThinking.Write(reasoning, traits, dropped, config, thinking);
        foreach (var extra in request.Extras)
        {
            if (GeminiRequestWriter.IsIn(extra, Path + ".thinkingConfig"))
            {
                config.Open();
                thinking.Open().WriteRaw(extra.Name, extra.Value);
            }
        }

        thinking.Close();
        foreach (var extra in request.Extras)
        {
            if (GeminiRequestWriter.IsIn(extra, Path))
                config.Open().WriteRaw(extra.Name, extra.Value);
        }

        config.Close();
    }

    private static void WriteStop(LazyObject config, List<string> stops, DroppedMembers dropped)
    {
        if (stops.Count == 0)
            return;
        var writer = config.Open();
        writer.WriteStartArray("stopSequences"u8);
        foreach (var stop in stops.Take(MostStops))
            writer.WriteTextValue(stop);
        writer.WriteEndArray();
        if (stops.Count > MostStops)
            dropped.Add("stop (only the first 5)");
    }

    private static void WriteSampling(LazyObject config, ChatRequest request, DroppedMembers dropped)
    {
        WriteNumber(config, "temperature", request.Temperature, 0, 2, dropped);
        WriteNumber(config, "topP", request.TopP, 0, 1, dropped);
        if (request.TopK is { } topK)
            config.Open().WriteNumber("topK"u8, topK);
        if (request.MaxOutputTokens is { } most)
            config.Open().WriteNumber("maxOutputTokens"u8, most);
        if (request.Choices is { } choices)
        {
            config.Open().WriteNumber("candidateCount"u8, Math.Min(choices, MostCandidates));
            if (choices > MostCandidates)
                dropped.Add("n (clamped to 8)");
        }

        if (request.Seed is { } seed)
        {
            // 32 bits here; folding keeps equal seeds equal.
            config.Open().WriteNumber("seed"u8, (int)seed == seed ? seed : seed & int.MaxValue);
            if ((int)seed != seed)
                dropped.Add("seed (folded to 31 bits)");
        }

        WriteNumber(config, "presencePenalty", request.PresencePenalty, -2, 2, dropped);
        WriteNumber(config, "frequencyPenalty", request.FrequencyPenalty, -2, 2, dropped);
        if (request.Logprobs is { } logprobs)
            config.Open().WriteBoolean("responseLogprobs"u8, logprobs);
        if (request.TopLogprobs is { } top && (top > 0 || request.Logprobs == true))
        {
            config.Open().WriteNumber("logprobs"u8, Math.Min(top, MostLogprobs));
            if (top > MostLogprobs)
                dropped.Add("top_logprobs (clamped to 20)");
        }
    }

    private static void WriteNumber(LazyObject config, string name, double? value, double least, double most, DroppedMembers dropped)
    {
        if (value is not { } number)
            return;
        var clamped = Math.Clamp(number, least, most);
        config.Open().WriteNumber(name, clamped);
        if (clamped != number)
            dropped.Add(string.Create(CultureInfo.InvariantCulture, $"{OpenAiName(name)} (clamped to {clamped})"));
    }

    private static string OpenAiName(string name) => name switch
    {
        "topP" => "top_p",
        "presencePenalty" => "presence_penalty",
        "frequencyPenalty" => "frequency_penalty",
        _ => name,
    };

    private static void WriteFormat(LazyObject config, ChatRequest request, GeminiTraits traits, DroppedMembers dropped)
    {
        if (request.Format is not { } format)
            return;
        if (traits.Draws || (!traits.TakesFormatWithTools && request.Tools.Count > 0))
        {
            dropped.Add("response_format");
            return;
        }

        config.Open().WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Description is not null)
            dropped.Add("response_format.json_schema.description");
        if (format.Schema.IsMissing)
            return;
        var (schema, isOpenApi) = GeminiSchemas.Choose(format.Schema, traits.TakesJsonSchema, "response_format.json_schema.schema", dropped);
        config.Open().WriteRaw(isOpenApi ? "responseSchema"u8 : "responseJsonSchema"u8, schema);
    }

    private static void WriteModalities(LazyObject config, List<string> modalities)
    {
        if (modalities.Count == 0)
            return;
        var writer = config.Open();
        writer.WriteStartArray("responseModalities"u8);
        foreach (var modality in modalities)
            writer.WriteStringValue(modality.ToUpperInvariant());
        writer.WriteEndArray();
    }

    private static void WriteSpeech(LazyObject config, RawJson audio, DroppedMembers dropped)
    {
        if (audio.IsMissing)
            return;
        using var document = WireJson.Parse(audio.Utf8);
        // What comes is always raw PCM.
        if (document.RootElement.Text("format"u8) is { } format && format != "pcm16")
            dropped.Add("audio.format");
        var voice = document.RootElement.Text("voice"u8);
        if (voice is null || ForeignVoices.Contains(voice))
        {
            dropped.Add("audio.voice");
            return;
        }

        var writer = config.Open();
        writer.WriteStartObject("speechConfig"u8);
        writer.WriteStartObject("voiceConfig"u8);
        writer.WriteStartObject("prebuiltVoiceConfig"u8);
        writer.WriteText("voiceName"u8, voice);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
