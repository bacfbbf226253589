using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.Gemini.Schemas;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads <c>generationConfig</c>.</summary>
internal static class GeminiConfigReader
{
    private const string Path = "generationConfig";

    public static void Read(JsonElement config, ChatRequest request)
    {
        if (!config.Says())
            return;
        if (config.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("'generationConfig' must be an object.", Path);
        foreach (var member in config.EnumerateObject())
            CheckType(member);
        request.Temperature = config.NumberOf("temperature"u8);
        request.TopP = config.NumberOf("topP"u8);
        request.TopK = config.IntegerOf("topK"u8);
        request.MaxOutputTokens = config.IntegerOf("maxOutputTokens"u8);
        request.Choices = (int?)Math.Clamp(config.IntegerOf("candidateCount"u8) ?? 0, 0, int.MaxValue) is > 0 and var count ? count : null;
        request.Seed = config.IntegerOf("seed"u8);
        request.PresencePenalty = config.NumberOf("presencePenalty"u8);
        request.FrequencyPenalty = config.NumberOf("frequencyPenalty"u8);
        request.Logprobs = config.FlagOf("responseLogprobs"u8);
        request.TopLogprobs = (int?)config.IntegerOf("logprobs"u8);
        foreach (var stop in config.Member("stopSequences"u8).Items())
        {
            if (stop.Text() is { } text)
                request.Stop.Add(text);
        }

        foreach (var modality in config.Member("responseModalities"u8).Items())
        {
            if (modality.Text() is { } name)
                request.Modalities.Add(name.ToLowerInvariant());
        }

        var readsFormat = ReadFormat(config, request);
        var readsSpeech = ReadSpeech(config.Member("speechConfig"u8), request);
        ReadThinking(config.Member("thinkingConfig"u8), request);
        foreach (var member in config.EnumerateObject())
        {
            var isRead = GeminiJson.Camel(member) switch
            {
                "temperature" or "topP" or "topK" or "maxOutputTokens" or "candidateCount" or "seed" or "presencePenalty" or "frequencyPenalty"
                    or "responseLogprobs" or "logprobs" or "stopSequences" or "responseModalities" or "thinkingConfig" => true,
                "responseMimeType" or "responseSchema" or "responseJsonSchema" => readsFormat,
                "speechConfig" => readsSpeech,
                _ => false,
            };
            if (!isRead && member.Value.Says())
                request.Extras.Add(GeminiJson.Extra(Path, member));
        }
    }

    private static void CheckType(JsonProperty member)
    {
        var kind = member.Value.ValueKind;
        var fits = kind == JsonValueKind.Null || GeminiJson.Camel(member) switch
        {
            "temperature" or "topP" or "presencePenalty" or "frequencyPenalty" => kind == JsonValueKind.Number,
            // Google writes and takes whole numbers as text as well, and 40 as 40.0.
            "topK" or "maxOutputTokens" or "candidateCount" or "seed" or "logprobs" => kind is JsonValueKind.Number or JsonValueKind.String,
            "responseLogprobs" => kind is JsonValueKind.True or JsonValueKind.False,
            "responseMimeType" => kind == JsonValueKind.String,
            "stopSequences" or "responseModalities" => kind == JsonValueKind.Array,
            "responseSchema" or "thinkingConfig" or "speechConfig" => kind == JsonValueKind.Object,
            _ => true,
        };
        if (!fits)
            throw new RequestFormatException($"'{Path}.{member.Name}' has a wrong type.", $"{Path}.{member.Name}");
    }

    /// <returns>False for forms that only this wire knows, such as <c>text/x.enum</c>.</returns>
    private static bool ReadFormat(JsonElement config, ChatRequest request)
    {
        var type = config.TextOf("responseMimeType"u8);
        var schema = config.Member("responseSchema"u8);
        var jsonSchema = config.Member("responseJsonSchema"u8);
        if (type is "text/plain" && !schema.Says() && !jsonSchema.Says())
            return true;
        if (type is not (null or "application/json"))
            return false;
        if (jsonSchema.Says())
            request.Format = new ResponseFormat { Schema = RawJson.Of(jsonSchema) };
        else if (schema.Says())
            request.Format = new ResponseFormat { Schema = SchemaFromOpenApi.Convert(schema) };
        else if (type is not null)
            request.Format = new ResponseFormat();
        return true;
    }

    /// <returns>False when there is more to it than one prebuilt voice.</returns>
    private static bool ReadSpeech(JsonElement speech, ChatRequest request)
    {
        var voice = speech.Member("voiceConfig"u8);
        if (voice.Member("prebuiltVoiceConfig"u8).TextOf("voiceName"u8) is not { } name
            || speech.EnumerateObject().Count() != 1 || voice.EnumerateObject().Count() != 1)
            return false;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = WireJson.Writer(output))
        {
            writer.WriteStartObject();
            writer.WriteText("voice"u8, name);
            writer.WriteEndObject();
        }

        request.AudioOutput = new RawJson(output.WrittenMemory);
        return true;
    }

    private static void ReadThinking(JsonElement thinking, ChatRequest request)
    {
        if (thinking.ValueKind != JsonValueKind.Object)
            return;
        var budget = thinking.IntegerOf("thinkingBudget"u8);
        var level = thinking.TextOf("thinkingLevel"u8)?.ToLowerInvariant();
        var shows = thinking.FlagOf("includeThoughts"u8) == true;
        request.Reasoning = new ReasoningSettings
        {
            Enabled = budget == 0 ? false : shows ? true : null,
            BudgetTokens = budget,
            Effort = level is "thinking_level_unspecified" ? null : level,
            Summary = shows ? "auto" : null,
        };
        foreach (var member in thinking.EnumerateObject())
        {
            if (GeminiJson.Camel(member) is not ("thinkingBudget" or "thinkingLevel" or "includeThoughts"))
                request.Extras.Add(GeminiJson.Extra($"{Path}.thinkingConfig", member));
        }
    }
}
