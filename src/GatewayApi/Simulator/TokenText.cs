namespace GatewayApi.Simulator;

/// <summary>The simulator's own tokenizer: a space and up to six letters, or one other character; about four characters a token.</summary>
internal static class TokenText
{
    private const int MaxWordLength = 6;

    /// <summary>How many tokens the text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            text = text[Next(text)..];
            count++;
        }

        return count;
    }

    /// <summary>The text's tokens; joined they are the text.</summary>
    public static List<string> Split(string text)
    {
        var pieces = new List<string>(text.Length / 4 + 1);
        for (var start = 0; start < text.Length;)
        {
            var length = Next(text.AsSpan(start));
            pieces.Add(text.Substring(start, length));
            start += length;
        }

        return pieces;
    }

    private static int Next(ReadOnlySpan<char> text)
    {
        var at = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var end = at;
        while (end < text.Length && end - at < MaxWordLength && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        if (end > at)
            return end;

        // One character of anything else; both halves when it is a surrogate pair.
        return end + (end + 1 < text.Length && char.IsSurrogatePair(text[end], text[end + 1]) ? 2 : 1);
    }
}
