using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads a provider's stream of Messages events. Events it does not know pass without a word: the wire may grow new ones.</summary>
internal sealed class AnthropicStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly Dictionary<long, OpenBlock> _blocks = [];
    private AnthropicUsage _usage;
    private int _calls;

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        if (!frame.HasData)
            return TapVerdict.Preamble;
        return Decode(frame.Data, events);
    }

    /// <summary>Reads one event.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public TapVerdict Decode(ReadOnlySpan<byte> payload, List<ChatEvent> events)
    {
        using var document = _documents.Parse(payload);
        return Decode(document.RootElement, events);
    }

    private TapVerdict Decode(JsonElement root, List<ChatEvent> events)
    {
        var before = events.Count;
        switch (root.Text("type"u8))
        {
            case null:
                return TapVerdict.Malformed;
            case "message_start":
                ReadStart(root.Get("message"u8), events);
                return TapVerdict.Preamble;
            case "content_block_start":
                ReadBlockStart(root, events);
                break;
            case "content_block_delta":
                ReadDelta(root, events);
                break;
            case "content_block_stop":
                ReadBlockStop(root, events);
                break;
            case "message_delta":
                ReadMessageDelta(root, events);
                break;
            case "message_stop":
                Finished = true;
                return TapVerdict.Terminal;
            case "ping":
                events.Add(new ChatEvent(ChatEventKind.Ping));
                return TapVerdict.Preamble;
            case "error":
                Error = AnthropicErrors.Read(root);
                return TapVerdict.Error;
        }

        for (var i = before; i < events.Count; i++)
        {
            if (events[i].Kind is not (ChatEventKind.Usage or ChatEventKind.PartEnd))
                return TapVerdict.Content;
        }

        return TapVerdict.Preamble;
    }

    private void ReadStart(JsonElement message, List<ChatEvent> events)
    {
        events.Add(new ChatEvent(ChatEventKind.Start) { Id = message.Text("id"u8), Name = message.Text("model"u8) });
        ReadUsage(message.Get("usage"u8), events);
    }

    private void ReadUsage(JsonElement usage, List<ChatEvent> events)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;
        _usage.Note(usage);
        events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = _usage.Canonical });
    }

    private void ReadBlockStart(JsonElement root, List<ChatEvent> events)
    {
        var block = root.Get("content_block"u8);
        var open = new OpenBlock(block.Text("type"u8) switch
        {
            "text" => BlockKind.Text,
            "thinking" => BlockKind.Thinking,
            "tool_use" => block.Text("name"u8) == ReservedTool.Name ? BlockKind.Answer : BlockKind.Call,
            _ => BlockKind.Other,
        });
        _blocks[root.Integer("index"u8) ?? 0] = open;
        switch (open.Kind)
        {
            case BlockKind.Text:
                AddText(events, ChatEventKind.Text, block.Text("text"u8));
                break;
            case BlockKind.Thinking:
                AddText(events, ChatEventKind.Reasoning, block.Text("thinking"u8));
                AddSignature(events, block.Text("signature"u8));
                break;
            case BlockKind.Call:
                open.Index = _calls++;
                events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = open.Index, Id = block.Text("id"u8), Name = block.Text("name"u8) ?? "" });
                break;
            case BlockKind.Other when block.Text("type"u8) == "redacted_thinking" && block.Text("data"u8) is { } data:
                AddRedacted(events, data);
                break;
        }

        // Some servers send the whole input here and no deltas.
        if (open.Kind is BlockKind.Call or BlockKind.Answer && block.Get("input"u8) is { ValueKind: JsonValueKind.Object } input && input.EnumerateObject().MoveNext())
            open.WholeInput = RawJson.Of(input).ToString();
    }

    private void ReadDelta(JsonElement root, List<ChatEvent> events)
    {
        var delta = root.Get("delta"u8);
        var open = _blocks.GetValueOrDefault(root.Integer("index"u8) ?? 0);
        switch (delta.Text("type"u8))
        {
            case "text_delta":
                AddText(events, ChatEventKind.Text, delta.Text("text"u8));
                break;
            case "thinking_delta":
                AddText(events, ChatEventKind.Reasoning, delta.Text("thinking"u8));
                break;
            case "signature_delta":
                AddSignature(events, delta.Text("signature"u8));
                break;
            case "input_json_delta" when open?.Kind is BlockKind.Call or BlockKind.Answer && delta.Text("partial_json"u8) is { Length: > 0 } json:
                open.SawInput = true;
                events.Add(open.Kind == BlockKind.Answer
                    ? new ChatEvent(ChatEventKind.Text) { Text = json }
                    : new ChatEvent(ChatEventKind.ToolCallArguments) { Index = open.Index, Text = json });
                break;
            case "citations_delta" when delta.Raw("citation"u8) is { IsMissing: false } citation:
                events.Add(new ChatEvent(ChatEventKind.Citation) { Raw = citation });
                break;
        }
    }

    private void ReadBlockStop(JsonElement root, List<ChatEvent> events)
    {
        if (!_blocks.Remove(root.Integer("index"u8) ?? 0, out var open))
            return;
        switch (open.Kind)
        {
            case BlockKind.Text or BlockKind.Thinking:
                events.Add(new ChatEvent(ChatEventKind.PartEnd));
                break;
            case BlockKind.Answer:
                if (!open.SawInput)
                    events.Add(new ChatEvent(ChatEventKind.Text) { Text = open.WholeInput ?? "{}" });
                events.Add(new ChatEvent(ChatEventKind.PartEnd));
                break;
            case BlockKind.Call:
                if (!open.SawInput && open.WholeInput is { } input)
                    events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Index = open.Index, Text = input });
                events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = open.Index });
                break;
        }
    }

    private void ReadMessageDelta(JsonElement root, List<ChatEvent> events)
    {
        ReadUsage(root.Get("usage"u8), events);
        var delta = root.Get("delta"u8);
        if (delta.Text("stop_reason"u8) is not { } reason)
            return;
        Finished = true;
        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = AnthropicStop.Read(reason, _calls > 0), Text = delta.Text("stop_sequence"u8) });
    }

    private static void AddText(List<ChatEvent> events, ChatEventKind kind, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            events.Add(new ChatEvent(kind) { Text = text, Origin = kind == ChatEventKind.Reasoning ? ReasoningOrigin.Anthropic : default });
    }

    private static void AddSignature(List<ChatEvent> events, string? signature)
    {
        if (string.IsNullOrEmpty(signature))
            return;
        var part = ThinkingBlocks.Thinking("", signature, null);
        events.Add(part.Encrypted is { } encrypted
            ? new ChatEvent(ChatEventKind.RedactedReasoning) { Text = encrypted, Id = part.Id, Origin = part.Origin }
            : new ChatEvent(ChatEventKind.ReasoningSignature) { Text = part.Signature, Origin = part.Origin });
    }

    private static void AddRedacted(List<ChatEvent> events, string data)
    {
        var part = ThinkingBlocks.Redacted(data, null);
        events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Text = part.Encrypted, Id = part.Id, Origin = part.Origin });
    }

    private enum BlockKind
    {
        Text,
        Thinking,
        Call,
        Answer,
        Other,
    }

    private sealed class OpenBlock(BlockKind kind)
    {
        public BlockKind Kind { get; } = kind;

        public int Index { get; set; }

        public bool SawInput { get; set; }

        public string? WholeInput { get; set; }
    }
}
