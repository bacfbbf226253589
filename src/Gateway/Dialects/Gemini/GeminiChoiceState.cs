using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>What is remembered of one answer while it is streamed to a client.</summary>
internal sealed class GeminiChoiceState(int index)
{
    private readonly List<GeminiPendingCall> _calls = [];
    private string? _signature;

    /// <summary>The candidate's number.</summary>
    public int Index { get; } = index;

    /// <summary>Whether thoughts were the last that was said.</summary>
    public bool IsThinking { get; set; }

    /// <summary>Why it ended; what never says so has stopped.</summary>
    public FinishReason Finish { get; set; }

    /// <summary>Citations so far.</summary>
    public List<RawJson> Citations { get; } = [];

    /// <summary>Log probabilities so far.</summary>
    public List<RawJson> Logprobs { get; } = [];

    /// <summary>Keeps a signature until what it signs is known.</summary>
    /// <returns>The one that waited before it, or null.</returns>
    public string? WaitSignature(string? signature)
    {
        var earlier = _signature;
        _signature = signature;
        return earlier;
    }

    /// <summary>The signature that waits, if any; it waits no more.</summary>
    public string? TakeSignature() => WaitSignature(null);

    /// <summary>A call begins.</summary>
    public void StartCall(in ChatEvent start) =>
        _calls.Add(new GeminiPendingCall(start.Index, start.Id, start.Name ?? "") { Signature = TakeSignature() });

    /// <summary>A piece of a call's arguments.</summary>
    public void Argue(in ChatEvent piece)
    {
        var callIndex = piece.Index;
        _calls.Find(call => call.Index == callIndex)?.Arguments.Append(piece.Text);
    }

    /// <summary>A call is whole.</summary>
    public void EndCall(int callIndex)
    {
        if (_calls.Find(call => call.Index == callIndex) is { } call)
            call.IsWhole = true;
    }

    /// <summary>The calls that can be sent: whole ones, in the order in which they began; or all that are left.</summary>
    public List<GeminiPendingCall> TakeCalls(bool all)
    {
        var count = all ? _calls.Count : _calls.TakeWhile(call => call.IsWhole).Count();
        var ready = _calls.GetRange(0, count);
        _calls.RemoveRange(0, count);
        return ready;
    }
}
