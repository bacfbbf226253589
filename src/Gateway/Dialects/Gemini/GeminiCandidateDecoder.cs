using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads what a stream says of one candidate.</summary>
internal sealed class GeminiCandidateDecoder(int index)
{
    private int _calls;
    private bool _isThinking;

    /// <summary>The candidate's number.</summary>
    public int Index { get; } = index;

    /// <summary>Whether it has said why it ended.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Reads a chunk's candidate.</summary>
    /// <returns>Whether it holds content that no event speaks of.</returns>
    public bool Decode(JsonElement candidate, string? replyId, List<ChatEvent> events)
    {
        var isContent = false;
        foreach (var part in candidate.Get("content"u8).Get("parts"u8).Items())
        {
            if (part.ValueKind == JsonValueKind.Object)
                isContent |= DecodePart(part, replyId, events);
        }

        foreach (var citation in GeminiCitations.Read(candidate))
            events.Add(Event(ChatEventKind.Citation) with { Raw = citation });
        if (GeminiLogprobs.Read(candidate.Member("logprobsResult"u8)) is { IsMissing: false } logprobs)
            events.Add(Event(ChatEventKind.Logprobs) with { Raw = logprobs });
        if (candidate.TextOf("finishReason"u8) is { } reason && reason != "FINISH_REASON_UNSPECIFIED")
        {
            IsFinished = true;
            events.Add(Event(ChatEventKind.Finish) with { Finish = GeminiFinish.Read(reason, _calls > 0) });
        }

        return isContent;
    }

    private bool DecodePart(JsonElement part, string? replyId, List<ChatEvent> events)
    {
        var signature = part.TextOf("thoughtSignature"u8);
        if (part.Text("text"u8) is { } text)
        {
            DecodeText(text, GeminiPartReader.IsThought(part), signature, events);
            return false;
        }

        if (part.Member("functionCall"u8) is { ValueKind: JsonValueKind.Object } call)
            return DecodeCall(call, signature, replyId, events);
        if (signature is not null)
            Sign(signature, events);
        if (part.Member("inlineData"u8) is not { ValueKind: JsonValueKind.Object } blob || blob.Text("data"u8) is not { } data)
            return signature is null && part.EnumerateObject().Any();
        _isThinking = false;
        events.Add(Event(ChatEventKind.Media) with { Text = GeminiJson.StandardBase64(data), Name = blob.TextOf("mimeType"u8) });
        return false;
    }

    private void DecodeText(string text, bool isThought, string? signature, List<ChatEvent> events)
    {
        if (text.Length > 0)
        {
            _isThinking = isThought;
            events.Add(Event(isThought ? ChatEventKind.Reasoning : ChatEventKind.Text) with { Text = text });
        }

        if (signature is null)
            return;
        if (isThought)
            AddSignature(signature, events);
        else
            Sign(signature, events);
    }

    private bool DecodeCall(JsonElement call, string? signature, string? replyId, List<ChatEvent> events)
    {
        if (signature is not null)
            Sign(signature, events);
        // Pieces of a call whose arguments are streamed (on Vertex AI, when asked for) have no name: only relayed streams hold them.
        if (call.TextOf("name"u8) is not { Length: > 0 } name)
            return true;
        _isThinking = false;
        var id = call.TextOf("id"u8) is { Length: > 0 } given ? given : CallIds.Make($"{replyId} {Index}", _calls, name);
        events.Add(Event(ChatEventKind.ToolCallStart) with { Index = _calls, Id = id, Name = name });
        if (call.Get("args"u8) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } args)
            events.Add(Event(ChatEventKind.ToolCallArguments) with { Index = _calls, Text = GeminiJson.Compact(args).ToString() });
        events.Add(Event(ChatEventKind.ToolCallEnd) with { Index = _calls });
        _calls++;
        return false;
    }

    /// <summary>Notes a signature of what is not thought: thoughts before it are over, so that it is not taken for theirs.</summary>
    private void Sign(string signature, List<ChatEvent> events)
    {
        if (_isThinking)
            events.Add(Event(ChatEventKind.PartEnd));
        _isThinking = false;
        AddSignature(signature, events);
    }

    private void AddSignature(string signature, List<ChatEvent> events)
    {
        var reasoning = GeminiSignatures.Read(signature, "");
        events.Add(reasoning.Encrypted is { } encrypted
            ? Event(ChatEventKind.RedactedReasoning) with { Text = encrypted, Id = reasoning.Id, Origin = reasoning.Origin }
            : Event(ChatEventKind.ReasoningSignature) with { Text = reasoning.Signature, Origin = reasoning.Origin });
    }

    private ChatEvent Event(ChatEventKind kind) => new(kind) { Choice = Index, Origin = kind == ChatEventKind.Reasoning ? ReasoningOrigin.Gemini : ReasoningOrigin.Unknown };
}
