using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.Cohere;

/// <summary>Reads Cohere's stream. Content and tool calls are numbered apart; the last event names finish and usage, and <c>[DONE]</c> follows.</summary>
internal sealed class CohereStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly List<long> _calls = []; // the wire's index of each call, in order of their starts

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        var data = frame.Data.Trim(" \t"u8);
        if (!frame.HasData || data.IsEmpty)
            return TapVerdict.Preamble;
        if (data.SequenceEqual("[DONE]"u8))
            return Finished ? TapVerdict.Terminal : TapVerdict.Malformed;
        using var document = _documents.Parse(data);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return TapVerdict.Malformed;
        var before = events.Count;
        var delta = root.Get("delta"u8);
        var message = delta.Get("message"u8);
        switch (root.Text("type"u8))
        {
            case "message-start":
                events.Add(new ChatEvent(ChatEventKind.Start) { Id = root.Text("id"u8) });
                return TapVerdict.Preamble;
            case "content-start":
            case "content-delta":
                ReadContent(message.Get("content"u8), events);
                ReadLogprobs(root.Get("logprobs"u8), events);
                break;
            case "content-end":
                events.Add(new ChatEvent(ChatEventKind.PartEnd));
                return TapVerdict.Preamble;
            case "tool-plan-delta":
                AddText(ChatEventKind.Text, message.Text("tool_plan"u8), events);
                break;
            case "tool-call-start":
                ReadCallStart(root, message.Get("tool_calls"u8), events);
                break;
            case "tool-call-delta":
                AddArguments(IndexOf(root), message.Get("tool_calls"u8).Get("function"u8).Text("arguments"u8), events);
                break;
            case "tool-call-end":
                if (_calls.Count > 0)
                    events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = IndexOf(root) });
                break;
            case "citation-start":
                if (message.Raw("citations"u8) is { IsMissing: false } citation)
                    events.Add(new ChatEvent(ChatEventKind.Citation) { Raw = citation });
                break;
            case "message-end":
                return ReadEnd(delta, events);
            case null when root.Text("message"u8) is not null:
                Error = CohereErrors.Read(root);
                return TapVerdict.Error;
            case null:
                return TapVerdict.Malformed;
        }

        return events.Count > before ? TapVerdict.Content : TapVerdict.Preamble;
    }

    private TapVerdict ReadEnd(JsonElement delta, List<ChatEvent> events)
    {
        var finish = delta.Text("finish_reason"u8);
        if (finish is "ERROR" or "TIMEOUT" || delta.Text("error"u8) is not null)
        {
            Error = new ProviderErrorFacts(finish, null, delta.Text("error"u8), null);
            return TapVerdict.Error;
        }

        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = CohereFinish.Read(finish, _calls.Count > 0) });
        if (CohereUsage.Read(delta.Get("usage"u8)) is { } usage)
            events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = usage });
        Finished = true;
        return TapVerdict.Content;
    }

    private static void ReadContent(JsonElement content, List<ChatEvent> events)
    {
        AddText(ChatEventKind.Reasoning, content.Text("thinking"u8), events);
        if (content.Text("signature"u8) is { } signature)
        {
            var (text, origin) = ForeignSignature.Unwrap(signature, ReasoningOrigin.Plain);
            events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Text = text, Origin = origin });
        }

        if (content.Text("data"u8) is { } redacted)
        {
            var (text, origin) = ForeignSignature.Unwrap(redacted, ReasoningOrigin.Plain);
            events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Text = text, Origin = origin });
        }

        AddText(ChatEventKind.Text, content.Text("text"u8), events);
    }

    private static void ReadLogprobs(JsonElement items, List<ChatEvent> events)
    {
        if (CohereLogprobs.Read(items) is { IsMissing: false } logprobs)
            events.Add(new ChatEvent(ChatEventKind.Logprobs) { Raw = logprobs });
    }

    private void ReadCallStart(JsonElement root, JsonElement call, List<ChatEvent> events)
    {
        _calls.Add(root.Integer("index"u8) ?? _calls.Count);
        var function = call.Get("function"u8);
        if (call.Text("signature"u8) is { } signature)
        {
            var (text, origin) = ForeignSignature.Unwrap(signature, ReasoningOrigin.Plain);
            events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Text = text, Origin = origin });
        }

        events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = _calls.Count - 1, Id = call.Text("id"u8), Name = function.Text("name"u8) });
        AddArguments(_calls.Count - 1, function.Text("arguments"u8), events);
    }

    private int IndexOf(JsonElement root) =>
        root.Integer("index"u8) is { } index && _calls.LastIndexOf(index) is >= 0 and var known ? known : Math.Max(0, _calls.Count - 1);

    private static void AddArguments(int index, string? arguments, List<ChatEvent> events)
    {
        if (!string.IsNullOrEmpty(arguments))
            events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Index = index, Text = arguments });
    }

    private static void AddText(ChatEventKind kind, string? text, List<ChatEvent> events)
    {
        if (!string.IsNullOrEmpty(text))
            events.Add(new ChatEvent(kind) { Text = text, Origin = kind == ChatEventKind.Reasoning ? ReasoningOrigin.Plain : default });
    }
}
