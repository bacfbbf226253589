namespace Gateway.Metering;

/// <summary>The value of one field, kept from entry to entry, so that it is known whether the next one's is another.</summary>
internal struct FieldValue
{
    private const int InitialTextBytes = 64;

    private Content _content;
    private long _number;
    private byte[]? _text;
    private int _length;

    private enum Content : byte
    {
        Null,
        Number,
        Text,
    }

    /// <summary>Whether there is no value.</summary>
    public readonly bool IsNull => _content == Content.Null;

    /// <summary>Whether it is a text.</summary>
    public readonly bool IsText => _content == Content.Text;

    /// <summary>The number; 0 when it is none.</summary>
    public readonly long Number => _number;

    /// <summary>The text in UTF-8; empty when it is none.</summary>
    public readonly ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>Takes a number.</summary>
    /// <returns>False when it is the value already.</returns>
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
    /// <returns>False when it is the value already.</returns>
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

    /// <summary>Takes that there is no value.</summary>
    /// <returns>False when there was none already.</returns>
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
