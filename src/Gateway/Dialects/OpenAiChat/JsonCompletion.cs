namespace Gateway.Dialects.OpenAiChat;

/// <summary>Whether JSON text that comes in fragments is a whole object or array yet.</summary>
internal struct JsonCompletion
{
    private int _depth;
    private bool _inString;
    private bool _isEscaped;

    /// <summary>Whether the object or array has been closed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes the next fragment.</summary>
    public void Feed(string fragment)
    {
        foreach (var c in fragment)
        {
            if (_isEscaped)
                _isEscaped = false;
            else if (_inString)
                (_inString, _isEscaped) = (c != '"', c == '\\');
            else if (c == '"')
                _inString = true;
            else if (c is '{' or '[')
                _depth++;
            else if (c is '}' or ']')
                IsComplete |= --_depth == 0;
        }
    }
}
