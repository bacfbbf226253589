using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads a stream of <c>chat.completion.chunk</c>s, tolerant of what the imitators of OpenAI make of it.</summary>
internal sealed class ChatStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly SortedDictionary<int, ChatChoiceDecoder> _choices = [];
    private bool _isStarted;
    private TokenUsage? _usage;

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        var data = frame.Data.Trim(" \t"u8);
        if (!frame.HasData || data.IsEmpty)
            return TapVerdict.Preamble;
        if (data.SequenceEqual("[DONE]"u8))
        {
            foreach (var choice in _choices.Values)
                choice.End(events);
            Finished = true;
            return TapVerdict.Terminal;
        }

        using var document = _documents.Parse(data);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return TapVerdict.Malformed;
        if (document.RootElement.Get("error"u8).Says())
        {
            Error = OpenAiErrors.Read(data);
            return TapVerdict.Error;
        }

        return ReadChunk(document.RootElement, events);
    }

    private TapVerdict ReadChunk(JsonElement chunk, List<ChatEvent> events)
    {
        Start(chunk, events);
        var before = events.Count;
        var choices = chunk.Get("choices"u8);
        if (choices.ValueKind == JsonValueKind.Array)
        {
            foreach (var choice in choices.EnumerateArray())
                ReadChoice(choice, events);
        }

        var isContent = events.Count > before;
        ReadUsage(chunk, choices, events);
        return isContent ? TapVerdict.Content : TapVerdict.Preamble;
    }

    /// <summary>The first chunk that names the reply or says something begins it; Azure's first names nothing.</summary>
    private void Start(JsonElement chunk, List<ChatEvent> events)
    {
        if (_isStarted)
            return;
        var id = chunk.Text("id"u8) is { Length: > 0 } given ? given : null;
        var model = chunk.Text("model"u8) is { Length: > 0 } named ? named : null;
        var choices = chunk.Get("choices"u8);
        if (id is null && model is null && (choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0))
            return;
        _isStarted = true;
        events.Add(new ChatEvent(ChatEventKind.Start) { Id = id, Name = model });
    }

    private void ReadChoice(JsonElement element, List<ChatEvent> events)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        var index = (int)Math.Clamp(element.Integer("index"u8) ?? 0, 0, 127);
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChatChoiceDecoder(index);
        choice.Read(element, events);
        Finished = _choices.Values.All(static c => c.Finished);
    }

    /// <summary>Usage stands in the chunk, at Groq's beside it, at Moonshot's in the choice.</summary>
    private void ReadUsage(JsonElement chunk, JsonElement choices, List<ChatEvent> events)
    {
        var usage = OpenAiUsage.Read(chunk.Get("usage"u8)) ?? OpenAiUsage.Read(chunk.Get("x_groq"u8).Get("usage"u8));
        if (usage is null && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
            usage = OpenAiUsage.Read(choices[0].Get("usage"u8));
        if (usage is not { } said || said == _usage)
            return;
        _usage = said;
        events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = said });
    }
}
