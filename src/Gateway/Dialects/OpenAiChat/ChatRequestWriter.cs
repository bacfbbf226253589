using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes a request to a provider of the chat wire, always with the same order of members.</summary>
internal static class ChatRequestWriter
{
    /// <inheritdoc cref="IChatCodec.WriteRequest"/>
    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var context = new ChatWriting(request, target, dropped);
        var quirks = context.Quirks;
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WritePropertyName("messages"u8);
        new ChatMessageWriter(context).Write(json, ChatToolWriter.Instruction(context));
        ChatToolWriter.Write(json, context);
        if (request.MaxOutputTokens is { } limit)
            json.WriteNumber(quirks.LimitName(target), limit);
        WriteSampling(json, context);
        ChatToolWriter.WriteFormat(json, context);
        ChatReasoningSettingsWriter.Write(json, context);
        WriteLogprobs(json, context);
        WriteOutput(json, context);
        WriteAbout(json, context);
        OpenAiExtras.Write(json, request.Extras, Operation.ChatCompletions, shares: true, dropped);
        if (request.Stream)
        {
            json.WriteBoolean("stream"u8, true);
            if (quirks.StreamOptions && target.SupportsStreamUsage)
            {
                json.WriteStartObject("stream_options"u8);
                json.WriteBoolean("include_usage"u8, true);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Whether the target is a reasoning model of OpenAI's that is to reason, and so takes no part in sampling.</summary>
    private static bool Refuses(ChatWriting context) =>
        context.Quirks.OpenAiRules && OpenAiModels.Reasons(context.Target) && (context.Request.Reasoning is not { } r || OpenAi.Efforts.Of(r) != "none");

    private static bool Takes(ChatWriting context, string member)
    {
        if (!Refuses(context) || Array.IndexOf(ChatQuirkTable.RefusedWhenReasoning, member) < 0)
            return context.Takes(member);
        context.Dropped.Add(member);
        return false;
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatWriting context)
    {
        var (request, quirks) = (context.Request, context.Quirks);
        if (request.Temperature is { } temperature && Takes(context, "temperature"))
            json.WriteNumber("temperature"u8, Clamp(temperature, 0, quirks.MaxTemperature, "temperature", context));
        if (request.TopP is { } topP && Takes(context, "top_p"))
            json.WriteNumber("top_p"u8, topP);
        if (request.TopK is { } topK && context.Takes("top_k"))
            json.WriteNumber("top_k"u8, topK);
        if (request.MinP is { } minP && context.Takes("min_p"))
            json.WriteNumber("min_p"u8, minP);
        if (request.PresencePenalty is { } presence && Takes(context, "presence_penalty"))
            json.WriteNumber("presence_penalty"u8, quirks.PositivePenalties ? Clamp(presence, 0, 1, "presence_penalty", context) : presence);
        if (request.FrequencyPenalty is { } frequency && Takes(context, "frequency_penalty"))
            json.WriteNumber("frequency_penalty"u8, quirks.PositivePenalties ? Clamp(frequency, 0, 1, "frequency_penalty", context) : frequency);
        if (request.Seed is { } seed && context.Takes("seed"))
            json.WriteNumber(quirks.Seed, seed);
        if (request.Choices is { } count && (count == 1 || context.Takes("n")) && !(count == 1 && quirks.Drop("n")))
            json.WriteNumber("n"u8, count);
        if (request.Stop.Count > 0 && Takes(context, "stop"))
            WriteStop(json, context);
    }

    private static void WriteStop(Utf8JsonWriter json, ChatWriting context)
    {
        json.WriteStartArray("stop"u8);
        var stops = context.Request.Stop;
        for (var i = 0; i < stops.Count; i++)
        {
            if (i < context.Quirks.MaxStops)
                json.WriteTextValue(stops[i]);
            else
                context.Dropped.Add($"stop[{i}]");
        }

        json.WriteEndArray();
    }

    private static double Clamp(double value, double least, double most, string member, ChatWriting context)
    {
        var clamped = Math.Clamp(value, least, most);
        if (clamped != value)
            context.Dropped.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{member} (clamped to {clamped})"));
        return clamped;
    }

    private static void WriteLogprobs(Utf8JsonWriter json, ChatWriting context)
    {
        var request = context.Request;
        if (request.Logprobs is { } logprobs && Takes(context, "logprobs"))
        {
            if (context.Quirks.LogprobsCount)
            {
                if (logprobs)
                    json.WriteNumber("logprobs"u8, request.TopLogprobs ?? 1);
                return;
            }

            json.WriteBoolean("logprobs"u8, logprobs);
        }

        if (request.TopLogprobs is { } top && Takes(context, "top_logprobs"))
            json.WriteNumber("top_logprobs"u8, top);
    }

    private static void WriteOutput(Utf8JsonWriter json, ChatWriting context)
    {
        var request = context.Request;
        if (!request.LogitBias.IsMissing && Takes(context, "logit_bias"))
            json.WriteRaw("logit_bias"u8, request.LogitBias);
        if (request.Modalities.Count > 0 && context.Takes("modalities"))
        {
            json.WriteStartArray("modalities"u8);
            foreach (var modality in request.Modalities)
                json.WriteTextValue(modality);
            json.WriteEndArray();
        }

        if (!request.AudioOutput.IsMissing && context.Takes("audio"))
            json.WriteRaw("audio"u8, request.AudioOutput);
        if (request.Verbosity is { } verbosity && context.Takes("verbosity"))
            json.WriteText("verbosity"u8, verbosity);
    }

    private static void WriteAbout(Utf8JsonWriter json, ChatWriting context)
    {
        var (request, quirks) = (context.Request, context.Quirks);
        if (request.ServiceTier is { } tier && context.Takes("service_tier"))
            json.WriteText("service_tier"u8, tier == "standard_only" ? "default" : tier);
        if (request.User is { } user && context.Takes("user"))
        {
            json.WritePropertyName(quirks.User);
            json.WriteTextValue(user);
        }

        if (!request.Metadata.IsMissing && context.Takes("metadata"))
        {
            if (quirks.MetadataNeedsStore && request.Store != true)
                context.Dropped.Add("metadata");
            else
                json.WriteRaw("metadata"u8, request.Metadata);
        }

        // Not to store is what every provider without the member does.
        if (request.Store is { } store && (store ? context.Takes("store") : !quirks.Drop("store")))
            json.WriteBoolean("store"u8, store);
        if (request.PromptCacheKey is { } key && context.Takes("prompt_cache_key"))
            json.WriteText("prompt_cache_key"u8, key);
    }
}
