using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>What has been written of one choice of a stream.</summary>
internal sealed class ChatChoiceState
{
    private bool _isNamed;

    /// <summary>Whether the role has been written.</summary>
    public bool HasRole { get; set; }

    /// <summary>Why it ended, once that is known.</summary>
    public FinishReason? Finish { get; set; }

    /// <summary>The calls, by their index: whether any arguments were written.</summary>
    public List<bool> Calls { get; } = [];

    /// <summary>Blocks of reasoning begun.</summary>
    public int Details { get; set; }

    /// <summary>The vendor of the block of reasoning that is open, or null.</summary>
    public ReasoningOrigin? OpenReasoning { get; set; }

    /// <summary>Parts of the answer begun: its text, each tool call.</summary>
    public int Position { get; set; }

    /// <summary>Whether text is being spoken.</summary>
    public bool InText { get; set; }

    /// <summary>Google's signature, waiting for what it signs.</summary>
    public string? Signature { get; set; }

    /// <summary>Log probabilities, waiting for their text.</summary>
    public RawJson Logprobs { get; set; }

    /// <summary>Where the text part being spoken began, in characters of the whole text.</summary>
    public int TextStart { get; set; }

    /// <summary>Characters of text written.</summary>
    public int TextLength { get; set; }

    /// <summary>The id of a block of reasoning, unless it was given before: OpenAI's may come with the summary or only with what is encrypted.</summary>
    public string? NameOnce(string? id, bool isNew)
    {
        if (isNew)
            _isNamed = false;
        if (_isNamed || id is null)
            return null;
        _isNamed = true;
        return id;
    }

    /// <summary>Another kind of part begins, or the same anew.</summary>
    public void Switch(bool toText)
    {
        OpenReasoning = null;
        if (!toText || !InText)
            Position++;
        InText = toText;
    }
}
