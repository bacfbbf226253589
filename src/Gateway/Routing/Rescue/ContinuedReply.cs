using Gateway.Protocol;

namespace Gateway.Routing.Rescue;

/// <summary>An answer that begins where the delivered one ends, but for what <see cref="TextSeam"/> mends. Reasoning of its own is left out.</summary>
/// <param name="seam">Joins the texts.</param>
internal sealed class ContinuedReply(TextSeam seam) : IContinuation
{
    private bool _isThought;
    private bool _isPartNews;

    public bool Diverged => false;

    public void Filter(in ChatEvent chatEvent, List<ChatEvent> news)
    {
        if (chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start or ChatEventKind.RedactedReasoning:
                break;
            case ChatEventKind.Reasoning:
                _isThought = true;
                break;
            case ChatEventKind.ReasoningSignature when _isThought || chatEvent.Origin != ReasoningOrigin.Gemini:
                break; // of what is left out
            case ChatEventKind.Usage or ChatEventKind.Ping:
                news.Add(chatEvent);
                break;
            case ChatEventKind.Text:
                _isThought = false;
                Say(seam.Add(chatEvent.Text!), news);
                break;
            case ChatEventKind.PartEnd:
                _isThought = false;
                End(news);
                if (_isPartNews)
                    news.Add(chatEvent);
                _isPartNews = false;
                break;
            default:
                End(news);
                news.Add(chatEvent);
                break;
        }
    }

    public void End(List<ChatEvent> news) => Say(seam.End(), news);

    private void Say(string text, List<ChatEvent> news)
    {
        if (text.Length == 0)
            return;
        _isPartNews = true;
        news.Add(new ChatEvent(ChatEventKind.Text) { Text = text });
    }
}
