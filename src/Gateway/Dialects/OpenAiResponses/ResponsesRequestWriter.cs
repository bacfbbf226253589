using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes a request to a provider of the Responses API, always with the same order of members. Nothing is left with the provider unless the client asks for it.</summary>
internal static class ResponsesRequestWriter
{
    private static readonly string[] Unsaid =
        ["n", "stop", "seed", "presence_penalty", "frequency_penalty", "top_k", "min_p", "logit_bias", "modalities", "audio"];

    private const long LeastOutput = 16;

    /// <inheritdoc cref="IChatCodec.WriteRequest"/>
    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        using var json = WireJson.Writer(output);
        var input = new ResponsesInputWriter(request, target, dropped);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        if (input.Instructions is { } instructions)
            json.WriteText("instructions"u8, instructions);
        json.WritePropertyName("input"u8);
        input.Write(json);
        WriteTools(json, request, dropped);
        if (request.MaxOutputTokens is { } limit)
        {
            if (limit < LeastOutput)
                dropped.Add("max_tokens (raised to 16)");
            json.WriteNumber("max_output_tokens"u8, Math.Max(LeastOutput, limit));
        }

        WriteSampling(json, request, target, dropped);
        WriteReasoning(json, request, target, dropped);
        WriteText(json, request, dropped);
        WriteInclude(json, request, target);
        json.WriteBoolean("store"u8, request.Store ?? false); // the default here is true
        if (!request.Metadata.IsMissing)
            json.WriteRaw("metadata"u8, request.Metadata);
        if (request.User is { } user)
            json.WriteText("user"u8, user);
        if (request.ServiceTier is { } tier)
            json.WriteText("service_tier"u8, tier == "standard_only" ? "default" : tier);
        if (request.PromptCacheKey is { } key)
            json.WriteText("prompt_cache_key"u8, key);
        OpenAiExtras.Write(json, request.Extras.FindAll(e => e.Origin != Operation.Responses || !(e.Name == "include" || e.Name.Contains('.', StringComparison.Ordinal))), Operation.Responses, shares: true, dropped);
        if (request.Stream)
            json.WriteBoolean("stream"u8, true);
        json.WriteEndObject();
        dropped.AddUnsaid(request, Unsaid);
    }

    private static void WriteTools(Utf8JsonWriter json, ChatRequest request, DroppedMembers dropped)
    {
        if (!request.Tools.Exists(t => t.Native is null or { Origin: Operation.Responses }))
        {
            foreach (var tool in request.Tools)
                dropped.Add(tool.Native!.Path);
            return;
        }

        json.WritePropertyName("tools"u8);
        ResponsesToolWriter.WriteTools(json, request.Tools, dropped);
        if (request.ToolChoice is { } choice)
        {
            json.WritePropertyName("tool_choice"u8);
            ResponsesToolWriter.WriteChoice(json, choice);
        }

        if (request.ParallelToolCalls is { } parallel)
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var refuses = target.Vendor == ReasoningOrigin.OpenAi && OpenAiModels.Reasons(target) && (request.Reasoning is not { } reasoning || Efforts.Of(reasoning) != "none");
        if (request.Temperature is { } temperature && Takes("temperature"))
            json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP && Takes("top_p"))
            json.WriteNumber("top_p"u8, topP);
        if (request.TopLogprobs is { } top && Takes("top_logprobs"))
            json.WriteNumber("top_logprobs"u8, top);

        bool Takes(string member)
        {
            if (refuses)
                dropped.Add(member);
            return !refuses;
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var nested = Nested(request, "reasoning.");
        if (request.Reasoning is null && nested.Count == 0)
            return;
        if (target.Reasons == false)
        {
            dropped.Add("reasoning_effort");
            return;
        }

        var effort = request.Reasoning is { } settings ? Efforts.Of(settings) : null;
        if (effort is null && request.Reasoning?.Summary is null && nested.Count == 0)
            return;
        json.WriteStartObject("reasoning"u8);
        if (effort is not null)
            json.WriteText("effort"u8, effort);
        if (request.Reasoning?.Summary is { } summary)
            json.WriteText("summary"u8, summary);
        WriteNested(json, nested, "reasoning.");
        json.WriteEndObject();
        if (request.Reasoning is { BudgetTokens: > 0, Effort: null })
            dropped.Add("reasoning.max_tokens");
    }

    private static void WriteText(Utf8JsonWriter json, ChatRequest request, DroppedMembers dropped)
    {
        var nested = Nested(request, "text.");
        if (request.Format is null && request.Verbosity is null && nested.Count == 0)
            return;
        json.WriteStartObject("text"u8);
        if (request.Format is { } format)
        {
            json.WritePropertyName("format"u8);
            ResponsesToolWriter.WriteFormat(json, format, dropped);
        }

        if (request.Verbosity is { } verbosity)
            json.WriteText("verbosity"u8, verbosity);
        WriteNested(json, nested, "text.");
        json.WriteEndObject();
    }

    private static List<ExtraMember> Nested(ChatRequest request, string prefix) =>
        request.Extras.FindAll(e => e.Origin == Operation.Responses && e.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static void WriteNested(Utf8JsonWriter json, List<ExtraMember> nested, string prefix)
    {
        foreach (var extra in nested)
        {
            json.WritePropertyName(extra.Name[prefix.Length..]);
            extra.Value.WriteTo(json);
        }
    }

    /// <summary>Writes <c>include</c>: a provider that keeps nothing must hand its reasoning over, encrypted, for the next turn.</summary>
    private static void WriteInclude(Utf8JsonWriter json, ChatRequest request, TargetTraits target)
    {
        var include = new List<string>();
        if (OpenAiModels.Reasons(target) && target.Vendor == ReasoningOrigin.OpenAi)
            include.Add("reasoning.encrypted_content");
        if (request.Logprobs == true)
            include.Add("message.output_text.logprobs");
        if (request.Extras.Find(e => e is { Origin: Operation.Responses, Name: "include" }) is { } kept)
        {
            using var document = kept.Value.Parse();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (element.Text() is { } name && !include.Contains(name))
                    include.Add(name);
            }
        }

        if (include.Count == 0)
            return;
        json.WriteStartArray("include"u8);
        foreach (var name in include)
            json.WriteTextValue(name);
        json.WriteEndArray();
    }
}
