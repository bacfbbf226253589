using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Reads a stream of <c>GenerateContentResponse</c>s. No frame is the last by itself: the answer is whole when every candidate has said why it
/// ended, and the connection's end is then its proper end.
/// </summary>
internal sealed class GeminiStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly List<GeminiCandidateDecoder> _candidates = [];
    private bool _hasStarted;
    private string? _id;
    private bool _isBlocked;

    public bool Finished => _isBlocked || (_candidates.Count > 0 && _candidates.TrueForAll(candidate => candidate.IsFinished));

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        if (!frame.HasData)
            return DecodeBare(frame.Raw);
        using var document = _documents.Parse(frame.Data);
        var root = document.RootElement;
        if (IsError(root))
            return Fail(frame.Data);
        if (root.ValueKind != JsonValueKind.Object)
            return TapVerdict.Malformed;

        var candidates = root.Get("candidates"u8);
        var feedback = root.Member("promptFeedback"u8);
        var usage = GeminiUsage.Read(root.Member("usageMetadata"u8));
        if (!candidates.Says() && !feedback.Says() && usage is null && root.TextOf("responseId"u8) is null && root.TextOf("modelVersion"u8) is null)
            return TapVerdict.Malformed;
        Start(root, events);
        var before = events.Count;
        var isContent = false;
        foreach (var candidate in candidates.Items())
            isContent |= Candidate(candidate).Decode(candidate, _id, events);
        if (feedback.TextOf("blockReason"u8) is not null && _candidates.Count == 0 && !_isBlocked)
        {
            _isBlocked = true;
            events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ContentFilter });
        }

        isContent |= events.Count > before;
        if (usage is { } tokens)
            events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = tokens });
        return isContent ? TapVerdict.Content : TapVerdict.Preamble;
    }

    /// <summary>An error in the middle of a stream may come as bare JSON, not as an event.</summary>
    private TapVerdict DecodeBare(ReadOnlySpan<byte> raw)
    {
        var text = raw.Trim(" \t\r\n,"u8);
        if (text is not [(byte)'{' or (byte)'[', ..])
            return TapVerdict.Preamble;
        try
        {
            using var document = _documents.Parse(text);
            return IsError(document.RootElement) ? Fail(text) : TapVerdict.Malformed;
        }
        catch (JsonException)
        {
            return TapVerdict.Malformed;
        }
    }

    private TapVerdict Fail(ReadOnlySpan<byte> body)
    {
        Error = GeminiErrors.Read(body);
        return TapVerdict.Error;
    }

    private static bool IsError(JsonElement root) =>
        (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root).Get("error"u8).Says();

    private void Start(JsonElement root, List<ChatEvent> events)
    {
        if (_hasStarted)
            return;
        _id = root.TextOf("responseId"u8);
        _hasStarted = true;
        events.Add(new ChatEvent(ChatEventKind.Start) { Id = _id, Name = root.TextOf("modelVersion"u8) });
    }

    private GeminiCandidateDecoder Candidate(JsonElement candidate)
    {
        var index = (int)Math.Clamp(candidate.IntegerOf("index"u8) ?? 0, 0, int.MaxValue);
        var known = _candidates.Find(one => one.Index == index);
        if (known is null)
            _candidates.Add(known = new GeminiCandidateDecoder(index));
        return known;
    }
}
