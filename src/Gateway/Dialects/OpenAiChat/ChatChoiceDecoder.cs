using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads the deltas of one choice of a stream.</summary>
internal sealed class ChatChoiceDecoder(int choice)
{
    private readonly ChatToolCallDecoder _calls = new(choice);
    private long? _detail;
    private string? _format;
    private bool _inReasoning;

    /// <summary>Whether it has said why it ended.</summary>
    public bool Finished { get; private set; }

    /// <summary>Reads one element of <c>choices</c>.</summary>
    public void Read(JsonElement element, List<ChatEvent> events)
    {
        var delta = element.Get("delta"u8);
        if (delta.ValueKind == JsonValueKind.Object)
        {
            ReadReasoning(delta, events);
            ReadLogprobs(element.Get("logprobs"u8), events);
            ReadContent(delta.Get("content"u8), events);
            Add(ChatEventKind.Refusal, delta.Text("refusal"u8), events);
            ReadMedia(delta, events);
            ReadAnnotations(delta.Get("annotations"u8), events);
            _calls.Read(delta.Get("tool_calls"u8), events);
            _calls.ReadLegacy(delta.Get("function_call"u8), events);
        }
        else if (element.Get("logprobs"u8).Says())
        {
            ReadLogprobs(element.Get("logprobs"u8), events);
        }

        var finish = element.Get("error"u8).Says() ? FinishReason.Error : ChatFinish.Read(element.Text("finish_reason"u8), _calls.Any);
        if (finish is not { } reason || Finished)
            return;
        Finished = true;
        _calls.End(events);
        var stop = reason == FinishReason.Stop ? element.Text("stop_reason"u8) : null;
        events.Add(new ChatEvent(ChatEventKind.Finish) { Choice = choice, Finish = reason, Text = stop is { Length: > 0 } ? stop : null });
    }

    /// <summary>The stream is over.</summary>
    public void End(List<ChatEvent> events) => _calls.End(events);

    private void ReadReasoning(JsonElement delta, List<ChatEvent> events)
    {
        var hasText = false;
        var details = delta.Get("reasoning_details"u8);
        if (details.ValueKind == JsonValueKind.Array)
        {
            foreach (var detail in details.EnumerateArray())
                hasText |= ReadDetail(detail, events);
        }

        if (!hasText && ChatReasoningReader.PlainText(delta) is { } text)
            AddReasoning(text, ReasoningOrigin.Plain, null, events);
    }

    private bool ReadDetail(JsonElement detail, List<ChatEvent> events)
    {
        var index = detail.Integer("index"u8);
        if (_inReasoning && index != _detail)
            EndPart(events);
        if (index != _detail)
            _format = null;
        _detail = index;
        _format = detail.Text("format"u8) ?? _format;
        var text = detail.Text("text"u8) ?? detail.Text("summary"u8);
        var origin = ChatReasoningReader.OriginOf(_format);
        var id = detail.Text("id"u8);
        if (text is { Length: > 0 })
            AddReasoning(text, origin, id, events);
        if (detail.Text("signature"u8) is { Length: > 0 } signature)
            AddSignature(signature, origin, events);
        if (detail.Text("data"u8) is { Length: > 0 } data)
            AddEncrypted(data, origin, id, events);
        return text is { Length: > 0 };
    }

    private void AddReasoning(string text, ReasoningOrigin origin, string? id, List<ChatEvent> events)
    {
        _inReasoning = true;
        events.Add(new ChatEvent(ChatEventKind.Reasoning) { Choice = choice, Text = text, Origin = origin, Id = id });
    }

    private void AddSignature(string signature, ReasoningOrigin origin, List<ChatEvent> events)
    {
        origin = origin == ReasoningOrigin.Plain ? ReasoningOrigin.Unknown : origin;
        events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Choice = choice, Text = signature, Origin = origin });
        EndPart(events);
    }

    private void AddEncrypted(string data, ReasoningOrigin origin, string? id, List<ChatEvent> events)
    {
        if (origin == ReasoningOrigin.Gemini)
        {
            // Google's signature of the tool call with that id, which follows.
            EndPart(events);
            events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Choice = choice, Text = data, Origin = origin });
            if (id is not null)
                _calls.NoteSigned(id);
            return;
        }

        origin = origin == ReasoningOrigin.Plain ? ReasoningOrigin.Unknown : origin;
        events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Choice = choice, Text = data, Origin = origin, Id = id });
        EndPart(events);
    }

    private void EndPart(List<ChatEvent> events)
    {
        _inReasoning = false;
        events.Add(new ChatEvent(ChatEventKind.PartEnd) { Choice = choice });
    }

    private void ReadContent(JsonElement content, List<ChatEvent> events)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            Add(ChatEventKind.Text, content.Text(), events);
            return;
        }

        foreach (var part in content.EnumerateArray()) // Mistral, Databricks
        {
            switch (part.Text("type"u8))
            {
                case "thinking":
                    foreach (var thought in Elements(part.Get("thinking"u8)))
                        Thought(thought, events);
                    Thought(part.Get("thinking"u8), events);
                    break;
                case "reasoning":
                    foreach (var summary in Elements(part.Get("summary"u8)))
                        Thought(summary, events);
                    break;
                case "image_url":
                    AddImage(part, events);
                    break;
                default:
                    Add(ChatEventKind.Text, part.Text("text"u8) ?? part.Text(), events);
                    break;
            }
        }
    }

    private void Thought(JsonElement thought, List<ChatEvent> events)
    {
        var signature = thought.Text("signature"u8);
        var origin = signature is { Length: > 0 } ? ReasoningOrigin.Anthropic : ReasoningOrigin.Plain;
        if ((thought.Text() ?? thought.Text("text"u8)) is { Length: > 0 } text)
            AddReasoning(text, origin, null, events);
        if (signature is { Length: > 0 })
            AddSignature(signature, origin, events);
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private void Add(ChatEventKind kind, string? text, List<ChatEvent> events)
    {
        if (text is { Length: > 0 })
            events.Add(new ChatEvent(kind) { Choice = choice, Text = text });
    }

    private void ReadLogprobs(JsonElement logprobs, List<ChatEvent> events)
    {
        if (logprobs.Get("content"u8).Says() || logprobs.Get("refusal"u8).Says())
            events.Add(new ChatEvent(ChatEventKind.Logprobs) { Choice = choice, Raw = RawJson.Of(logprobs) });
    }

    private void ReadAnnotations(JsonElement annotations, List<ChatEvent> events)
    {
        foreach (var annotation in Elements(annotations))
        {
            if (annotation.ValueKind == JsonValueKind.Object)
                events.Add(new ChatEvent(ChatEventKind.Citation) { Choice = choice, Raw = RawJson.Of(annotation) });
        }
    }

    private void ReadMedia(JsonElement delta, List<ChatEvent> events)
    {
        var audio = delta.Get("audio"u8);
        if (audio.ValueKind == JsonValueKind.Object)
            events.Add(new ChatEvent(ChatEventKind.Media) { Choice = choice, Name = "audio/pcm", Text = audio.Text("data"u8) ?? "", Id = audio.Text("id"u8), Raw = RawJson.Of(audio) });
        foreach (var image in Elements(delta.Get("images"u8)))
            AddImage(image, events);
    }

    private void AddImage(JsonElement part, List<ChatEvent> events)
    {
        var image = part.Get("image_url"u8);
        if ((image.Text() ?? image.Text("url"u8)) is not { } url || MediaSource.FromUrl(url) is not { Data: { } data } source)
            return;
        events.Add(new ChatEvent(ChatEventKind.Media) { Choice = choice, Name = source.MediaType ?? "image/png", Text = data });
    }
}
