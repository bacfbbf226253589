using Gateway.Protocol;

namespace Gateway.Routing.Rescue;

/// <summary>
/// An answer that is given again from its beginning: as long as it says what the client has already, it is skipped; what follows is news. At
/// the first difference it has <see cref="Diverged"/>.
/// </summary>
internal sealed class RestartedReply : IContinuation
{
    private readonly string _text;
    private readonly List<Call> _calls;
    private int _at;
    private int _started;
    private bool _isThought;
    private bool _isPartNews;

    /// <param name="delivered">What the client has now.</param>
    public RestartedReply(DeliveredReply delivered)
    {
        _text = delivered.Text;
        _calls = [.. delivered.Calls.Select(c => new Call(c.Name, c.Arguments.ToString(), c.IsWhole))];
    }

    public bool Diverged { get; private set; }

    private bool IsCaughtUp => _at == _text.Length && _started == _calls.Count && _calls.TrueForAll(static c => c.At == c.Arguments.Length);

    public void Filter(in ChatEvent chatEvent, List<ChatEvent> news)
    {
        if (Diverged || chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start or ChatEventKind.RedactedReasoning:
                break;
            case ChatEventKind.Reasoning:
                _isThought = true;
                break;
            case ChatEventKind.ReasoningSignature:
                if (IsCaughtUp && !_isThought)
                    news.Add(chatEvent); // of a call that follows
                break;
            case ChatEventKind.Usage or ChatEventKind.Ping:
                news.Add(chatEvent);
                break;
            case ChatEventKind.Text:
                SkipText(chatEvent, news);
                break;
            case ChatEventKind.PartEnd:
                _isThought = false;
                if (_isPartNews)
                    news.Add(chatEvent);
                _isPartNews = false;
                break;
            case ChatEventKind.ToolCallStart when chatEvent.Index < _calls.Count:
                _started++;
                Diverged = chatEvent.Name != _calls[chatEvent.Index].Name;
                break;
            case ChatEventKind.ToolCallArguments when chatEvent.Index < _calls.Count:
                SkipArguments(_calls[chatEvent.Index], chatEvent, news);
                break;
            case ChatEventKind.ToolCallEnd when chatEvent.Index < _calls.Count:
                var call = _calls[chatEvent.Index];
                Diverged = call.At < call.Arguments.Length;
                if (!Diverged && !call.IsWhole)
                    news.Add(chatEvent);
                break;
            case ChatEventKind.Citation when !IsCaughtUp:
                break;
            default:
                Diverged = !IsCaughtUp; // it ends, or does something else, before it has said what it said
                if (!Diverged)
                    news.Add(chatEvent);
                break;
        }
    }

    public void End(List<ChatEvent> news)
    {
    }

    private void SkipText(in ChatEvent chatEvent, List<ChatEvent> news)
    {
        _isThought = false;
        var text = chatEvent.Text!;
        var known = Math.Min(text.Length, _text.Length - _at);
        Diverged = string.CompareOrdinal(text, 0, _text, _at, known) != 0;
        _at += known;
        if (Diverged || known == text.Length)
            return;
        // More text than before: only after all calls that there were.
        Diverged = !IsCaughtUp;
        if (Diverged)
            return;
        _isPartNews = true;
        news.Add(chatEvent with { Text = text[known..] });
    }

    private void SkipArguments(Call call, in ChatEvent chatEvent, List<ChatEvent> news)
    {
        var text = chatEvent.Text!;
        var known = Math.Min(text.Length, call.Arguments.Length - call.At);
        Diverged = string.CompareOrdinal(text, 0, call.Arguments, call.At, known) != 0 || (known < text.Length && call.IsWhole);
        call.At += known;
        if (!Diverged && known < text.Length)
            news.Add(chatEvent with { Text = text[known..] });
    }

    private sealed record Call(string Name, string Arguments, bool IsWhole)
    {
        /// <summary>How much of the arguments was said again.</summary>
        public int At { get; set; }
    }
}
