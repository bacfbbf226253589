using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>
/// Reads a stream of Responses events. The JSON <c>type</c> decides. Back ends that leave out deltas, or all but the last event, lose nothing:
/// what a whole part, item or response says beyond what was told before is told then.
/// </summary>
internal sealed class ResponsesStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly Dictionary<long, ResponsesItemState> _items = [];
    private bool _isStarted;
    private int _calls;

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        var data = frame.Data.Trim(" \t"u8);
        if (!frame.HasData || data.IsEmpty)
            return TapVerdict.Preamble;
        if (data.SequenceEqual("[DONE]"u8)) // some compatible servers add it
            return TapVerdict.Suppress;
        using var document = _documents.Parse(data);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.Text("type"u8) is not { } type)
            return TapVerdict.Malformed;
        if (type is "response.failed" or "error")
        {
            Error = OpenAiErrors.Read(data);
            return TapVerdict.Error;
        }

        var before = events.Count;
        Read(type, root, events);
        if (type is "response.completed" or "response.incomplete")
            return TapVerdict.Terminal;
        var isContent = events.Count > before && (events.Count > before + 1 || events[before].Kind != ChatEventKind.Start);
        return isContent ? TapVerdict.Content : TapVerdict.Preamble;
    }

    private void Read(string type, JsonElement root, List<ChatEvent> events)
    {
        switch (type)
        {
            case "response.created" or "response.in_progress" or "response.queued":
                Start(root.Get("response"u8), events);
                break;
            case "response.completed" or "response.incomplete":
                ReadEnd(root.Get("response"u8), events);
                break;
            default:
                if (root.Integer("output_index"u8) is { } index)
                    ReadItemEvent(type, root, Item(index), events);
                break;
        }
    }

    private void ReadItemEvent(string type, JsonElement root, ResponsesItemState item, List<ChatEvent> events)
    {
        var content = root.Integer("content_index"u8) ?? 0;
        var summary = root.Integer("summary_index"u8) ?? 0;
        switch (type)
        {
            case "response.output_item.added":
                item.Id = root.Get("item"u8).Text("id"u8);
                StartCall(root.Get("item"u8), item, events);
                break;
            case "response.output_text.delta":
                AddLogprobs(root, events);
                Delta(ChatEventKind.Text, root, item, content, events);
                break;
            case "response.refusal.delta":
                Delta(ChatEventKind.Refusal, root, item, content, events);
                break;
            case "response.output_text.done":
                Rest(ChatEventKind.Text, root.Text("text"u8), item, content, events);
                break;
            case "response.refusal.done":
                Rest(ChatEventKind.Refusal, root.Text("refusal"u8), item, content, events);
                break;
            case "response.content_part.done":
                ReadPart(root.Get("part"u8), item, content, events);
                events.Add(new ChatEvent(ChatEventKind.PartEnd));
                break;
            case "response.output_text.annotation.added" when root.Get("annotation"u8).ValueKind == JsonValueKind.Object:
                Start(default, events);
                events.Add(new ChatEvent(ChatEventKind.Citation) { Raw = RawJson.Of(root.Get("annotation"u8)) });
                break;
            case "response.reasoning_summary_part.added" when summary > 0:
                Add(ChatEventKind.Reasoning, "\n\n", ReasoningOrigin.OpenAi, events, item);
                break;
            case "response.reasoning_summary_text.delta":
                Delta(ChatEventKind.Reasoning, root, item, summary, events, ReasoningOrigin.OpenAi);
                break;
            case "response.reasoning_summary_text.done":
                Rest(ChatEventKind.Reasoning, root.Text("text"u8), item, summary, events, ReasoningOrigin.OpenAi);
                break;
            case "response.reasoning_text.delta":
                Delta(ChatEventKind.Reasoning, root, item, -1 - content, events, ReasoningOrigin.Plain);
                break;
            case "response.reasoning_text.done":
                Rest(ChatEventKind.Reasoning, root.Text("text"u8), item, -1 - content, events, ReasoningOrigin.Plain);
                break;
            case "response.function_call_arguments.delta" when item.Call >= 0:
                Delta(ChatEventKind.ToolCallArguments, root, item, 0, events);
                break;
            case "response.function_call_arguments.done" when item.Call >= 0:
                Rest(ChatEventKind.ToolCallArguments, root.Text("arguments"u8), item, 0, events);
                break;
            case "response.output_item.done":
                ReadItem(root.Get("item"u8), item, events);
                break;
        }
    }

    private void Start(JsonElement response, List<ChatEvent> events)
    {
        if (_isStarted)
            return;
        _isStarted = true;
        events.Add(new ChatEvent(ChatEventKind.Start) { Id = response.Text("id"u8), Name = response.Text("model"u8) });
    }

    private ResponsesItemState Item(long index)
    {
        if (!_items.TryGetValue(index, out var item))
            _items[index] = item = new ResponsesItemState();
        return item;
    }

    private void StartCall(JsonElement element, ResponsesItemState item, List<ChatEvent> events)
    {
        if (element.Text("type"u8) != "function_call" || item.Call >= 0)
            return;
        Start(default, events);
        item.Call = _calls++;
        events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = item.Call, Id = element.Text("call_id"u8) ?? element.Text("id"u8), Name = element.Text("name"u8) ?? "" });
        Rest(ChatEventKind.ToolCallArguments, element.Text("arguments"u8), item, 0, events);
    }

    private void Delta(ChatEventKind kind, JsonElement root, ResponsesItemState item, long part, List<ChatEvent> events, ReasoningOrigin origin = default)
    {
        if (root.Text("delta"u8) is not { Length: > 0 } delta)
            return;
        item.Told[part] = item.Told.GetValueOrDefault(part) + delta.Length;
        Add(kind, delta, origin, events, item);
    }

    /// <summary>Tells what a whole part says beyond its deltas.</summary>
    private void Rest(ChatEventKind kind, string? whole, ResponsesItemState item, long part, List<ChatEvent> events, ReasoningOrigin origin = default)
    {
        var told = item.Told.GetValueOrDefault(part);
        if (whole is null || whole.Length <= told)
            return;
        item.Told[part] = whole.Length;
        Add(kind, whole[told..], origin, events, item);
    }

    private void Add(ChatEventKind kind, string text, ReasoningOrigin origin, List<ChatEvent> events, ResponsesItemState item)
    {
        Start(default, events);
        events.Add(new ChatEvent(kind)
        {
            Text = text,
            Origin = origin,
            Id = kind == ChatEventKind.Reasoning ? item.Id : null,
            Index = kind == ChatEventKind.ToolCallArguments ? item.Call : 0,
        });
    }

    private void AddLogprobs(JsonElement root, List<ChatEvent> events)
    {
        if (ResponsesReplyReader.Logprobs(root.Get("logprobs"u8)) is not { IsMissing: false } logprobs)
            return;
        Start(default, events);
        events.Add(new ChatEvent(ChatEventKind.Logprobs) { Raw = logprobs });
    }

    private void ReadPart(JsonElement part, ResponsesItemState item, long index, List<ChatEvent> events)
    {
        if (part.Text("refusal"u8) is { } refusal)
            Rest(ChatEventKind.Refusal, refusal, item, index, events);
        else if (part.Text("type"u8) == "output_text")
            Rest(ChatEventKind.Text, part.Text("text"u8), item, index, events);
    }

    /// <summary>Reads a whole item: whatever of it was not told yet.</summary>
    private void ReadItem(JsonElement element, ResponsesItemState item, List<ChatEvent> events)
    {
        if (item.IsDone)
            return;
        item.IsDone = true;
        switch (element.Text("type"u8))
        {
            case "message":
                var index = 0;
                foreach (var part in Elements(element.Get("content"u8)))
                    ReadPart(part, item, index++, events);
                break;
            case "function_call":
                StartCall(element, item, events);
                Rest(ChatEventKind.ToolCallArguments, element.Text("arguments"u8), item, 0, events);
                events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = item.Call });
                break;
            case "reasoning":
                ReadReasoning(element, item, events);
                break;
            case "image_generation_call" when element.Text("result"u8) is { Length: > 0 } image:
                Start(default, events);
                events.Add(new ChatEvent(ChatEventKind.Media) { Name = "image/png", Text = image });
                break;
        }
    }

    private void ReadReasoning(JsonElement element, ResponsesItemState item, List<ChatEvent> events)
    {
        item.Id ??= element.Text("id"u8);
        var index = 0;
        foreach (var part in Elements(element.Get("summary"u8)))
        {
            if (index > 0 && !item.Told.ContainsKey(index))
                Add(ChatEventKind.Reasoning, "\n\n", ReasoningOrigin.OpenAi, events, item);
            Rest(ChatEventKind.Reasoning, part.Text("text"u8), item, index++, events, ReasoningOrigin.OpenAi);
        }

        index = 0;
        foreach (var part in Elements(element.Get("content"u8)))
            Rest(ChatEventKind.Reasoning, part.Text("text"u8), item, -1 - index++, events, ReasoningOrigin.Plain);
        if (element.Text("encrypted_content"u8) is { Length: > 0 } encrypted)
        {
            Start(default, events);
            events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Text = encrypted, Origin = ReasoningOrigin.OpenAi, Id = item.Id });
        }

        if (_isStarted)
            events.Add(new ChatEvent(ChatEventKind.PartEnd));
    }

    private void ReadEnd(JsonElement response, List<ChatEvent> events)
    {
        Start(response, events);
        var index = 0;
        foreach (var element in Elements(response.Get("output"u8)))
            ReadItem(element, Item(index++), events);
        Finished = true;
        if (OpenAiUsage.Read(response.Get("usage"u8)) is { } usage)
            events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = usage });
        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = ResponsesReplyReader.Finish(response, _calls > 0) });
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
}
