using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Writes a request to Ollama.</summary>
internal static class OllamaRequestWriter
{
    private static readonly string[] Unsaid =
        ["n", "logit_bias", "user", "service_tier", "metadata", "store", "prompt_cache_key", "verbosity", "modalities", "audio"];

    private const string OptionPath = "options.";

    private static readonly RawJson NoParameters = new("{\"type\":\"object\",\"properties\":{}}"u8.ToArray());

    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < request.Messages.Count; i++)
            OllamaMessageWriter.Write(json, request.Messages[i], i, dropped);
        json.WriteEndArray();
        json.WriteBoolean("stream"u8, request.Stream); // the wire's default is true
        WriteTools(json, request, dropped);
        WriteFormat(json, request.Format, dropped);
        WriteThink(json, request.Reasoning, target, dropped);
        if (request.Logprobs is { } logprobs)
            json.WriteBoolean("logprobs"u8, logprobs);
        if (request.TopLogprobs is { } top)
            json.WriteNumber("top_logprobs"u8, top);
        WriteOptions(json, request);
        foreach (var extra in request.Extras)
        {
            if (extra.Origin == Operation.OllamaChat && !extra.Path.StartsWith(OptionPath, StringComparison.Ordinal))
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Operation.OllamaChat);
        dropped.AddUnsaid(request, Unsaid);
    }

    /// <summary>There is no choice of tools: "none" leaves them out, a name leaves out the others, and that one must be called can't be said.</summary>
    private static void WriteTools(Utf8JsonWriter json, ChatRequest request, DroppedMembers dropped)
    {
        var choice = request.ToolChoice;
        if (choice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named)
            dropped.Add("tool_choice");
        var isOpen = false;
        for (var i = 0; i < request.Tools.Count && choice?.Mode != ToolChoiceMode.None; i++)
        {
            var tool = request.Tools[i];
            if (tool.Native is { } native)
            {
                dropped.Add(native.Path);
                continue;
            }

            if (choice is { Names.Count: > 0 } && !choice.Names.Contains(tool.Name))
                continue;
            if (!isOpen)
                json.WriteStartArray("tools"u8);
            isOpen = true;
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteText("name"u8, tool.Name);
            if (tool.Description is { } description)
                json.WriteText("description"u8, description);
            json.WriteRaw("parameters"u8, tool.Parameters.IsMissing ? NoParameters : tool.Parameters);
            UnknownMembers.WriteOwn(json, tool.Extras, Operation.OllamaChat);
            json.WriteEndObject();
            json.WriteEndObject();
            dropped.AddForeign(tool.Extras ?? [], Operation.OllamaChat);
            if (tool.Strict == true)
                dropped.Add($"tools[{i}].function.strict");
            if (tool.Cache is not null)
                dropped.Add($"tools[{i}].cache_control");
        }

        if (isOpen)
            json.WriteEndArray();
        if (request.ParallelToolCalls == false)
            dropped.Add("parallel_tool_calls");
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format, DroppedMembers dropped)
    {
        if (format is null)
            return;
        if (format.Schema.IsMissing)
            json.WriteString("format"u8, "json"u8);
        else
            json.WriteRaw("format"u8, format.Schema);
        if (format.Description is not null)
            dropped.Add("response_format.json_schema.description");
    }

    private static void WriteThink(Utf8JsonWriter json, ReasoningSettings? reasoning, TargetTraits target, DroppedMembers dropped)
    {
        if (reasoning is null)
            return;
        if (reasoning.Enabled == false || reasoning.Effort == "none")
        {
            json.WriteBoolean("think"u8, false);
            return;
        }

        if (reasoning is { Enabled: null, Effort: null, BudgetTokens: null, Adaptive: false })
        {
            if (reasoning.Summary is not null)
                dropped.Add("reasoning.summary");
            return;
        }

        if (target.Reasons == false || reasoning.EffortOnly)
        {
            dropped.Add("reasoning_effort"); // a model that cannot think refuses the request, and how thorough to be is said nowhere else
            return;
        }

        if (reasoning.BudgetTokens is > 0)
            dropped.Add("reasoning budget");
        var level = reasoning.Effort switch
        {
            "minimal" or "low" => "low",
            "medium" => "medium",
            "high" or "xhigh" => "high",
            "max" => "max",
            _ => null,
        };
        if (level is null)
            json.WriteBoolean("think"u8, true);
        else
            json.WriteString("think"u8, level);
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartObject("options"u8);
        if (request.MaxOutputTokens is { } most)
            json.WriteNumber("num_predict"u8, most);
        if (request.Temperature is { } temperature)
            json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP)
            json.WriteNumber("top_p"u8, topP);
        if (request.TopK is { } topK)
            json.WriteNumber("top_k"u8, topK);
        if (request.MinP is { } minP)
            json.WriteNumber("min_p"u8, minP);
        if (request.Seed is { } seed)
            json.WriteNumber("seed"u8, seed);
        if (request.PresencePenalty is { } presence)
            json.WriteNumber("presence_penalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency)
            json.WriteNumber("frequency_penalty"u8, frequency);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
                json.WriteTextValue(stop);
            json.WriteEndArray();
        }

        foreach (var extra in request.Extras)
        {
            if (extra.Origin == Operation.OllamaChat && extra.Path.StartsWith(OptionPath, StringComparison.Ordinal))
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
    }
}
