using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads a request of Chat Completions, the legacy functions and the usual extensions for reasoning included.</summary>
internal static class ChatRequestReader
{
    /// <summary>Note that the client speaks of functions, not tools, and wants them answered so.</summary>
    public const string LegacyNote = "functions";

    /// <summary>Note that the client wants no reasoning in the reply.</summary>
    public const string NoReasoningNote = "reasoning.exclude";

    /// <inheritdoc cref="IChatCodec.ReadRequest"/>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("The request body must be a JSON object.");
        var request = new ChatRequest { Model = facts.Model, Stream = facts.Stream };
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.Says())
                ReadMember(request, RequestValue.NameOf(member), member.Value);
        }

        new ChatMessageReader().Read(root.Get("messages"u8), request.Messages);
        request.MaxOutputTokens = RequestValue.Integer(root.Get("max_completion_tokens"u8), "max_completion_tokens")
            ?? RequestValue.Integer(root.Get("max_tokens"u8), "max_tokens");
        request.Reasoning = ReadReasoning(request, root);
        ReadIdentifier(request, root.Get("safety_identifier"u8));
        if (root.Get("tools"u8).ValueKind != JsonValueKind.Array && root.Get("functions"u8).Says())
        {
            ChatToolReader.ReadFunctions(root.Get("functions"u8), request.Tools);
            request.ToolChoice = ChatToolReader.ReadFunctionChoice(root.Get("function_call"u8));
            request.Extras.Add(OpenAiExtras.Note(Operation.ChatCompletions, LegacyNote));
        }

        return request;
    }

    private static void ReadMember(ChatRequest request, string name, JsonElement value)
    {
        switch (name)
        {
            case "messages" or "max_completion_tokens" or "max_tokens" or "functions" or "function_call" or "reasoning_effort" or "reasoning" or "thinking" or "stream_options" or "safety_identifier":
                break; // read beside the others, or by the surface
            case "model": request.Model = request.Model is { Length: > 0 } known ? known : RequestValue.Text(value, name)!; break;
            case "stream": request.Stream |= RequestValue.Flag(value, name) == true; break;
            case "temperature": request.Temperature = RequestValue.Number(value, name); break;
            case "top_p": request.TopP = RequestValue.Number(value, name); break;
            case "top_k": request.TopK = RequestValue.Integer(value, name); break;
            case "min_p": request.MinP = RequestValue.Number(value, name); break;
            case "presence_penalty": request.PresencePenalty = RequestValue.Number(value, name); break;
            case "frequency_penalty": request.FrequencyPenalty = RequestValue.Number(value, name); break;
            case "seed": request.Seed = RequestValue.Integer(value, name); break;
            case "n": request.Choices = ReadCount(value, name); break;
            case "stop": ReadStrings(value, name, request.Stop); break;
            case "tools": ChatToolReader.ReadTools(value, request.Tools); break;
            case "tool_choice": request.ToolChoice = ChatToolReader.ReadChoice(value); break;
            case "parallel_tool_calls": request.ParallelToolCalls = RequestValue.Flag(value, name); break;
            case "response_format" when ChatToolReader.TryReadFormat(value, out var format): request.Format = format; break;
            case "logprobs": ReadLogprobs(request, value); break;
            case "top_logprobs": request.TopLogprobs = ReadCount(value, name); break;
            case "logit_bias": request.LogitBias = RequestValue.IsObject(value, name) ? RawJson.Of(value) : default; break;
            case "user": request.User = RequestValue.Text(value, name); break;
            case "service_tier": request.ServiceTier = RequestValue.Text(value, name); break;
            case "metadata": request.Metadata = RequestValue.IsObject(value, name) ? RawJson.Of(value) : default; break;
            case "store": request.Store = RequestValue.Flag(value, name); break;
            case "prompt_cache_key": request.PromptCacheKey = RequestValue.Text(value, name); break;
            case "verbosity": request.Verbosity = RequestValue.Text(value, name); break;
            case "modalities": ReadStrings(value, name, request.Modalities); break;
            case "audio": request.AudioOutput = RequestValue.IsObject(value, name) ? RawJson.Of(value) : default; break;
            default: request.Extras.Add(new ExtraMember(Operation.ChatCompletions, name, name, RawJson.Of(value))); break;
        }
    }

    /// <summary>The newer name of <c>user</c>. Where both are said they are two things.</summary>
    private static void ReadIdentifier(ChatRequest request, JsonElement value)
    {
        const string name = "safety_identifier";
        if (request.User is null)
            request.User = RequestValue.Text(value, name);
        else if (value.Says())
            request.Extras.Add(new ExtraMember(Operation.ChatCompletions, name, name, RawJson.Of(value)));
    }

    private static int? ReadCount(JsonElement value, string name) =>
        (int?)RequestValue.Integer(value, name) is { } count and >= 0 ? count : throw RequestValue.Wrong(name, "a number that is not negative");

    /// <summary>Logprobs are a flag here; Together and the legacy API have the count in its place.</summary>
    private static void ReadLogprobs(ChatRequest request, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            (request.Logprobs, request.TopLogprobs) = (true, request.TopLogprobs ?? ReadCount(value, "logprobs"));
        else
            request.Logprobs = RequestValue.Flag(value, "logprobs");
    }

    /// <summary>A string or an array of strings.</summary>
    private static void ReadStrings(JsonElement value, string name, List<string> list)
    {
        if (value.Text() is { } single)
        {
            list.Add(single);
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
            throw RequestValue.Wrong(name, "a string or an array of strings");
        foreach (var element in value.EnumerateArray())
            list.Add(element.Text() ?? throw RequestValue.Wrong(name, "a string or an array of strings"));
    }

    private static ReasoningSettings? ReadReasoning(ChatRequest request, JsonElement root)
    {
        var effort = RequestValue.Text(root.Get("reasoning_effort"u8), "reasoning_effort");
        var reasoning = root.Get("reasoning"u8);
        var thinking = root.Get("thinking"u8);
        var hasReasoning = RequestValue.IsObject(reasoning, "reasoning");
        var hasThinking = RequestValue.IsObject(thinking, "thinking");
        if (effort is null && !hasReasoning && !hasThinking)
            return null;
        var exclude = RequestValue.Flag(reasoning.Get("exclude"u8), "reasoning.exclude");
        if (exclude == true)
            request.Extras.Add(OpenAiExtras.Note(Operation.ChatCompletions, NoReasoningNote));
        var type = thinking.Text("type"u8);
        return new ReasoningSettings
        {
            Effort = effort ?? RequestValue.Text(reasoning.Get("effort"u8), "reasoning.effort"),
            BudgetTokens = RequestValue.Integer(thinking.Get("budget_tokens"u8), "thinking.budget_tokens")
                ?? RequestValue.Integer(reasoning.Get("max_tokens"u8), "reasoning.max_tokens"),
            Enabled = type is "disabled" ? false : type is "enabled" ? true : RequestValue.Flag(reasoning.Get("enabled"u8), "reasoning.enabled"),
            Adaptive = type is "adaptive",
            Summary = RequestValue.Text(reasoning.Get("summary"u8), "reasoning.summary") ?? (exclude == false ? "auto" : null),
        };
    }
}
