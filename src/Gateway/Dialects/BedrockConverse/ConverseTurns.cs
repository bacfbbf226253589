using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes <c>messages</c> and <c>system</c>: system turns apart, the others by turns of user and assistant, the user first.</summary>
internal sealed class ConverseTurns
{
    // A conversation must begin with the user, and a document needs a text beside it.
    private const string Placeholder = ".";

    private readonly Utf8JsonWriter _writer;
    private readonly ConversePartWriter _parts;
    private readonly List<(ContentPart Part, PartPlace Place)> _system = [];
    private readonly List<Turn> _turns = [];

    /// <summary>Sorts a request's turns.</summary>
    public ConverseTurns(Utf8JsonWriter writer, ChatRequest request, BedrockModel model, TargetTraits target, DroppedMembers dropped)
    {
        _writer = writer;
        _parts = new ConversePartWriter(writer, model, target, new ConverseToolIds(request, model), dropped);
        AddTurns(request, dropped, isSystem: true, asUser: !model.TakesSystem);
        AddTurns(request, dropped, isSystem: false, asUser: false);
        if (_turns.Count == 0 || _turns[0].IsAssistant)
            _turns.Insert(0, new Turn(false) { NeedsText = true });
    }

    /// <summary>Writes both members.</summary>
    /// <param name="instruction">One more system text, or null.</param>
    public void Write(string? instruction)
    {
        _writer.WriteStartArray("messages"u8);
        foreach (var turn in _turns)
            WriteTurn(turn);
        _writer.WriteEndArray();
        if (_system.Count == 0 && instruction is null)
            return;
        _writer.WriteStartArray("system"u8);
        foreach (var (part, place) in _system)
            _parts.Write(part, place);
        if (instruction is not null)
            ConverseBlocks.Text(_writer, instruction);
        _writer.WriteEndArray();
    }

    private void AddTurns(ChatRequest request, DroppedMembers dropped, bool isSystem, bool asUser)
    {
        for (var m = 0; m < request.Messages.Count; m++)
        {
            var message = request.Messages[m];
            if (message.Role is ChatRole.System or ChatRole.Developer != isSystem)
                continue;
            if (message.Name is not null)
                dropped.Add($"messages[{m}].name");
            dropped.AddForeign(message.Extras, Operation.Converse);
            for (var p = 0; p < message.Parts.Count; p++)
            {
                var place = new PartPlace(m, p);
                if (!_parts.Takes(message.Parts[p], place))
                {
                    if (message.Parts[p].Cache is not null)
                        dropped.Add($"{place}.cache_control");
                    continue;
                }

                if (isSystem && !asUser)
                    _system.Add((message.Parts[p], place));
                else
                    TurnOf(message).Add(message, message.Parts[p], place);
            }
        }
    }

    private Turn TurnOf(ChatMessage message)
    {
        var isAssistant = message.Role == ChatRole.Assistant;
        if (_turns.Count == 0 || _turns[^1].IsAssistant != isAssistant)
            _turns.Add(new Turn(isAssistant));
        return _turns[^1];
    }

    private void WriteTurn(Turn turn)
    {
        _writer.WriteStartObject();
        _writer.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
        _writer.WriteStartArray("content"u8);
        foreach (var (part, place) in turn.Parts)
            _parts.Write(part, place);
        if (turn.NeedsText)
            ConverseBlocks.Text(_writer, Placeholder);
        _writer.WriteEndArray();
        foreach (var message in turn.Messages)
            ConverseExtras.Write(_writer, message.Extras);
        _writer.WriteEndObject();
    }

    private sealed class Turn(bool isAssistant)
    {
        private bool _hasText;
        private bool _hasDocument;
        private readonly bool _needsText;

        public bool IsAssistant { get; } = isAssistant;

        public List<(ContentPart Part, PartPlace Place)> Parts { get; } = [];

        public List<ChatMessage> Messages { get; } = [];

        public bool NeedsText { get => _needsText || (_hasDocument && !_hasText); init => _needsText = value; }

        public void Add(ChatMessage message, ContentPart part, PartPlace place)
        {
            if (Messages.Count == 0 || Messages[^1] != message)
                Messages.Add(message);
            Parts.Add((part, place));
            _hasText |= part is TextPart;
            _hasDocument |= part is DocumentPart;
        }
    }
}
