using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads a request of the Responses API.</summary>
internal static class ResponsesRequestReader
{
    /// <summary>Note on the turn that was <c>instructions</c>.</summary>
    public const string InstructionsNote = "instructions";

    /// <inheritdoc cref="IChatCodec.ReadRequest"/>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("The request body must be a JSON object.");
        RefuseState(root);
        var request = new ChatRequest { Model = facts.Model, Stream = facts.Stream };
        if (RequestValue.Text(root.Get("instructions"u8), "instructions") is { Length: > 0 } instructions)
        {
            var turn = new ChatMessage { Role = ChatRole.System, Parts = [new TextPart(instructions)] };
            turn.Extras.Add(OpenAiExtras.Note(Operation.Responses, InstructionsNote));
            request.Messages.Add(turn);
        }

        ResponsesInputReader.Read(root.Get("input"u8), request.Messages);
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.Says())
                ReadMember(request, RequestValue.NameOf(member), member.Value, root);
        }

        return request;
    }

    /// <summary>What a provider keeps can't be told to another.</summary>
    private static void RefuseState(JsonElement root)
    {
        if (root.Get("previous_response_id"u8).Says())
            throw Stateful("previous_response_id", "send the whole conversation in 'input'");
        if (root.Get("conversation"u8).Says())
            throw Stateful("conversation", "send the whole conversation in 'input'");
        if (root.Get("prompt"u8).Says())
            throw Stateful("prompt", "send the prompt's text in 'instructions' and 'input'");
        if (RequestValue.Flag(root.Get("background"u8), "background") == true)
            throw Stateful("background", "send the request without it");
    }

    private static RequestFormatException Stateful(string name, string instead) =>
        new($"'{name}' needs a provider of the Responses API, and this model is served through another API: {instead}.", name);

    private static void ReadMember(ChatRequest request, string name, JsonElement value, JsonElement root)
    {
        switch (name)
        {
            case "input" or "instructions" or "stream_options" or "background":
                break;
            case "model": request.Model = request.Model is { Length: > 0 } known ? known : RequestValue.Text(value, name)!; break;
            case "stream": request.Stream |= RequestValue.Flag(value, name) == true; break;
            case "max_output_tokens": request.MaxOutputTokens = RequestValue.Integer(value, name); break;
            case "temperature": request.Temperature = RequestValue.Number(value, name); break;
            case "top_p": request.TopP = RequestValue.Number(value, name); break;
            case "top_logprobs": request.TopLogprobs = (int?)RequestValue.Integer(value, name); break;
            case "tools": ResponsesToolReader.Read(value, request.Tools); break;
            case "tool_choice" when ResponsesToolReader.TryReadChoice(value, out var choice): request.ToolChoice = choice; break;
            case "parallel_tool_calls": request.ParallelToolCalls = RequestValue.Flag(value, name); break;
            case "text": ReadText(request, value); break;
            case "reasoning": ReadReasoning(request, value); break;
            case "include": ReadInclude(request, value); break;
            case "service_tier": request.ServiceTier = RequestValue.Text(value, name); break;
            case "store": request.Store = RequestValue.Flag(value, name); break;
            case "metadata": request.Metadata = RequestValue.IsObject(value, name) ? RawJson.Of(value) : default; break;
            case "user": request.User = RequestValue.Text(value, name); break;
            case "safety_identifier" when !root.Get("user"u8).Says(): request.User = RequestValue.Text(value, name); break;
            case "prompt_cache_key": request.PromptCacheKey = RequestValue.Text(value, name); break;
            case "truncation" when value.Text() == "disabled": break; // what every other wire does
            default: request.Extras.Add(new ExtraMember(Operation.Responses, name, name, RawJson.Of(value))); break;
        }
    }

    private static void ReadText(ChatRequest request, JsonElement text)
    {
        if (!RequestValue.IsObject(text, "text"))
            return;
        request.Verbosity = RequestValue.Text(text.Get("verbosity"u8), "text.verbosity");
        if (ResponsesToolReader.TryReadFormat(text.Get("format"u8), out var format))
            request.Format = format;
        AddNested(request, text, "text", name => name == "verbosity" || (name == "format" && ResponsesToolReader.TryReadFormat(text.Get("format"u8), out _)));
    }

    private static void ReadReasoning(ChatRequest request, JsonElement reasoning)
    {
        if (!RequestValue.IsObject(reasoning, "reasoning"))
            return;
        request.Reasoning = new ReasoningSettings
        {
            Effort = RequestValue.Text(reasoning.Get("effort"u8), "reasoning.effort"),
            Summary = RequestValue.Text(reasoning.Get("summary"u8), "reasoning.summary") ?? reasoning.Text("generate_summary"u8),
        };
        AddNested(request, reasoning, "reasoning", static name => name is "effort" or "summary" or "generate_summary");
    }

    /// <summary>Keeps the members of an inner object under a name with a dot, from which the writer of this wire puts them back.</summary>
    private static void AddNested(ChatRequest request, JsonElement inner, string outer, Func<string, bool> isKnown)
    {
        foreach (var member in inner.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (!isKnown(name) && member.Value.Says())
                request.Extras.Add(new ExtraMember(Operation.Responses, $"{outer}.{name}", $"{outer}.{name}", RawJson.Of(member.Value)));
        }
    }

    /// <summary>Of what is to be included, log probabilities have a word of their own, and encrypted reasoning always is.</summary>
    private static void ReadInclude(ChatRequest request, JsonElement include)
    {
        if (!RequestValue.IsArray(include, "include"))
            return;
        var hasOthers = false;
        foreach (var element in include.EnumerateArray())
        {
            var name = element.Text() ?? throw RequestValue.Wrong("include", "an array of strings");
            if (name == "message.output_text.logprobs")
                request.Logprobs = true;
            else if (name != "reasoning.encrypted_content")
                hasOthers = true;
        }

        if (hasOthers)
            request.Extras.Add(new ExtraMember(Operation.Responses, "include", "include", RawJson.Of(include)));
    }
}
