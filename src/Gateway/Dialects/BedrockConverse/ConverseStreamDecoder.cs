using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Reads a ConverseStream. Blocks of text and reasoning begin with their first delta; usage follows the finish, in the last message.</summary>
internal sealed class ConverseStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly Dictionary<long, Block> _blocks = [];
    private int _calls;
    private bool _sawMetadata;

    private enum BlockKind
    {
        Spoken,
        Tool,
        Answer,
        Image,
        Silent,
    }

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        if (frame.IsException)
        {
            Error = BedrockErrors.Read(frame.Data, System.Text.Encoding.UTF8.GetString(frame.Type));
            return TapVerdict.Error;
        }

        if (frame.Type.IsEmpty || !frame.HasData)
            return frame.Type.IsEmpty ? TapVerdict.Malformed : TapVerdict.Preamble;
        using var document = _documents.Parse(frame.Data);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return TapVerdict.Malformed;
        var before = events.Count;
        switch (frame.Type)
        {
            case var type when type.SequenceEqual("contentBlockDelta"u8):
                Delta(root, events);
                break;
            case var type when type.SequenceEqual("contentBlockStart"u8):
                Start(root, events);
                break;
            case var type when type.SequenceEqual("contentBlockStop"u8):
                Stop(root, events);
                break;
            case var type when type.SequenceEqual("messageStart"u8):
                events.Add(new ChatEvent(ChatEventKind.Start));
                return TapVerdict.Preamble;
            case var type when type.SequenceEqual("messageStop"u8):
                Finished = true;
                events.Add(new ChatEvent(ChatEventKind.Finish)
                {
                    Finish = ConverseFinish.Read(root.Text("stopReason"u8), _calls > 0),
                    Text = root.Get("additionalModelResponseFields"u8).Text("stop_sequence"u8),
                });
                return _sawMetadata ? TapVerdict.Terminal : TapVerdict.Content;
            case var type when type.SequenceEqual("metadata"u8):
                _sawMetadata = true;
                if (ConverseUsage.Read(root.Get("usage"u8)) is { } usage)
                    events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = usage });
                return Finished ? TapVerdict.Terminal : TapVerdict.Preamble;
        }

        return events.Count > before ? TapVerdict.Content : TapVerdict.Preamble;
    }

    private void Start(JsonElement root, List<ChatEvent> events)
    {
        var index = root.Integer("contentBlockIndex"u8) ?? 0;
        var start = root.Get("start"u8);
        var use = start.Get("toolUse"u8);
        if (use.Text("name"u8) is { } name && !use.Get("type"u8).Says())
        {
            if (name == ReservedTool.Name)
            {
                _blocks[index] = new Block(BlockKind.Answer);
                return;
            }

            _blocks[index] = new Block(BlockKind.Tool) { Call = _calls };
            events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = _calls++, Id = use.Text("toolUseId"u8), Name = name });
        }
        else if (start.Get("image"u8) is { ValueKind: JsonValueKind.Object } image)
        {
            _blocks[index] = new Block(BlockKind.Image) { MediaType = ConverseFormats.ImageType(image.Text("format"u8)) };
        }
        else if (use.Says() || start.Get("toolResult"u8).Says())
        {
            // A tool that Bedrock runs itself, or its result: nothing the client has to do with.
            _blocks[index] = new Block(BlockKind.Silent);
        }
    }

    private void Delta(JsonElement root, List<ChatEvent> events)
    {
        var index = root.Integer("contentBlockIndex"u8) ?? 0;
        if (!_blocks.TryGetValue(index, out var block))
            _blocks[index] = block = new Block(BlockKind.Spoken);
        if (block.Kind == BlockKind.Silent)
            return;
        var delta = root.Get("delta"u8);
        if (delta.Text("text"u8) is { } text)
            Add(ChatEventKind.Text, text);
        else if (delta.Get("toolUse"u8).Text("input"u8) is { } input)
            AddInput(block, input);
        else if (delta.Get("reasoningContent"u8) is { ValueKind: JsonValueKind.Object } reasoning)
            AddReasoning(block, reasoning);
        else if (delta.Get("citation"u8).Says())
            events.Add(new ChatEvent(ChatEventKind.Citation) { Raw = delta.Raw("citation"u8) });
        else if (delta.Get("image"u8).Get("source"u8).Text("bytes"u8) is { } bytes)
            events.Add(new ChatEvent(ChatEventKind.Media) { Text = bytes, Name = block.MediaType ?? "image/png" });

        void Add(ChatEventKind kind, string piece)
        {
            if (piece.Length > 0)
                events.Add(new ChatEvent(kind) { Text = piece, Origin = kind == ChatEventKind.Reasoning ? ReasoningOrigin.Anthropic : default });
        }

        void AddInput(Block owner, string piece)
        {
            if (owner.Kind == BlockKind.Answer)
                Add(ChatEventKind.Text, piece);
            else if (owner.Kind == BlockKind.Tool && piece.Length > 0)
                events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Index = owner.Call, Text = piece });
        }

        void AddReasoning(Block owner, JsonElement reasoning)
        {
            if (reasoning.Text("text"u8) is { } thought)
                Add(ChatEventKind.Reasoning, thought);
            if (reasoning.Text("signature"u8) is { Length: > 0 } signature)
                AddOwned(ChatEventKind.ReasoningSignature, signature);
            if (reasoning.Text("redactedContent"u8) is not { } redacted)
                return;
            owner.IsWhole = true;
            AddOwned(ChatEventKind.RedactedReasoning, redacted);
        }

        // Only Anthropic's models sign or hide their reasoning here; what another vendor's was comes back wrapped.
        void AddOwned(ChatEventKind kind, string text)
        {
            var (own, origin) = ForeignSignature.Unwrap(text, ReasoningOrigin.Anthropic);
            events.Add(new ChatEvent(kind) { Text = own, Origin = origin });
        }
    }

    private void Stop(JsonElement root, List<ChatEvent> events)
    {
        if (!_blocks.Remove(root.Integer("contentBlockIndex"u8) ?? 0, out var block))
            return;
        if (block.Kind == BlockKind.Tool)
            events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = block.Call });
        else if (block is { Kind: BlockKind.Spoken, IsWhole: false } or { Kind: BlockKind.Answer })
            events.Add(new ChatEvent(ChatEventKind.PartEnd));
    }

    private sealed class Block(BlockKind kind)
    {
        public BlockKind Kind { get; } = kind;

        public int Call { get; init; }

        public string? MediaType { get; init; }

        /// <summary>Whether what it holds has no end to be told of.</summary>
        public bool IsWhole { get; set; }
    }
}
