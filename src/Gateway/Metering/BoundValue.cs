namespace Gateway.Metering;

/// <summary>What is bound to a parameter of a statement, kept so that an equal value need not be bound again.</summary>
internal struct BoundValue
{
    private const int InitialTextBytes = 64;

    private Content _content;
    private long _number;
    private byte[]? _text;
    private int _length;

    private enum Content : byte
    {
        Nothing,
        Null,
        Number,
        Text,
    }

    /// <summary>Whether NULL is bound.</summary>
    public readonly bool IsNull => _content == Content.Null;

    /// <summary>The number; 0 when anything else is bound.</summary>
    public readonly long Number => _number;

    /// <summary>The text in UTF-8; empty when anything else is bound.</summary>
    public readonly ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>Takes a number.</summary>
    /// <returns>False when it is what is bound already.</returns>
    public bool Set(long number)
    {
        if (_content == Content.Number && _number == number)
            return false;
        _content = Content.Number;
        _number = number;
        _length = 0;
        return true;
    }

    /// <summary>Takes a copy of a text in UTF-8.</summary>
    /// <returns>False when it is what is bound already.</returns>
    public bool Set(ReadOnlySpan<byte> text)
    {
        if (_content == Content.Text && text.SequenceEqual(Text))
            return false;
        if (_text is null || _text.Length < text.Length)
            _text = new byte[Math.Max(InitialTextBytes, text.Length)];
        text.CopyTo(_text);
        _content = Content.Text;
        _number = 0;
        _length = text.Length;
        return true;
    }

    /// <summary>Takes NULL.</summary>
    /// <returns>False when it is what is bound already.</returns>
    public bool SetNull()
    {
        if (_content == Content.Null)
            return false;
        _content = Content.Null;
        _number = 0;
        _length = 0;
        return true;
    }
}
