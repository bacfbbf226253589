using System.Text;

namespace Gateway.Routing.Rescue;

/// <summary>
/// Joins the text that a model goes on with to the text that was delivered. What the model repeats of it is taken off: text is held back as
/// long as it may still be a repetition, which ends as a rule with its first words. One instance per attempt.
/// </summary>
internal sealed class TextSeam
{
    // A repetition shorter than this is one only if it consists of whole words; one shorter than LeastWords may be chance.
    private const int Least = 16;
    private const int LeastWords = 8;

    private readonly string _delivered;
    private readonly string _blank;    // white space at the end of what was delivered
    private readonly bool _asked;      // in words, so that the model began a turn of its own
    private readonly bool _isEchoed;
    private readonly StringBuilder _held = new();
    private List<int>? _repeats;       // places from which on the delivered text has so far been repeated
    private bool _isOpen = true;

    private TextSeam(string delivered, bool asked, bool isEchoed)
    {
        (_delivered, _asked, _isEchoed) = (delivered, asked, isEchoed);
        _blank = delivered[delivered.AsSpan().TrimEnd().Length..];
    }

    /// <summary>For a model that goes on with its own turn: only an echo of all of it is taken off, and white space that was there.</summary>
    /// <param name="delivered">The text so far.</param>
    /// <param name="isEchoed">Whether the target is known to echo; otherwise a short text counts as new.</param>
    public static TextSeam AfterPrefill(string delivered, bool isEchoed) => new(delivered, asked: false, isEchoed);

    /// <summary>For a model that was asked to go on: also a repeated end is taken off, and a space put right.</summary>
    /// <param name="delivered">The text so far.</param>
    public static TextSeam AfterTurn(string delivered) => new(delivered, asked: true, isEchoed: false);

    /// <summary>Takes in a piece.</summary>
    /// <returns>What can be told of it, and of what was held.</returns>
    public string Add(string piece)
    {
        if (!_isOpen)
            return piece;
        _held.Append(piece);
        return MayBeMore() ? "" : End();
    }

    /// <summary>Decides on what is held.</summary>
    public string End()
    {
        if (!_isOpen || _held.Length == 0)
            return "";
        _isOpen = false;
        var text = _held.ToString();
        var repeated = Repeated(text);
        var rest = text[repeated..];
        return _asked && repeated == 0 ? Mended(rest) : rest[Blank(rest)..];
    }

    /// <summary>Whether more text could make what is held a repetition.</summary>
    private bool MayBeMore()
    {
        var text = _held.ToString();
        _repeats ??= Candidates();
        _repeats.RemoveAll(from => string.CompareOrdinal(_delivered, from, text, 0, Math.Min(text.Length, _delivered.Length - from)) != 0);
        if (_repeats.Exists(from => _delivered.Length - from > text.Length))
            return true;
        if (_asked && text.Length == 1 && char.IsUpper(text[0]))
            return true; // a word's first letter alone does not tell whether a space was lost
        // White space at the seam is decided on when all of it is there.
        var rest = text.AsSpan(Repeated(text));
        return _blank.Length > rest.Length && rest.Trim().IsEmpty;
    }

    private List<int> Candidates()
    {
        if (!_asked)
            return _isEchoed || _delivered.Length >= Least ? [0] : [];
        List<int> candidates = [];
        for (var from = 0; from < _delivered.Length; from++)
        {
            if (_delivered[from] == _held[0])
                candidates.Add(from);
        }

        return candidates;
    }

    /// <summary>How much of a text's beginning repeats the delivered text's end.</summary>
    private int Repeated(string text)
    {
        foreach (var from in _repeats ?? []) // the longest first
        {
            var length = _delivered.Length - from;
            if (length <= text.Length && (!_asked || IsRepetition(from, length, text)))
                return length;
        }

        // An echo is of what the request held: the end was trimmed there.
        var trimmed = _delivered.Length - _blank.Length;
        return !_asked && trimmed > 0 && (_isEchoed || trimmed >= Least) && text.AsSpan().StartsWith(_delivered.AsSpan(0, trimmed)) ? trimmed : 0;
    }

    private bool IsRepetition(int from, int length, string text)
    {
        var repeated = _delivered.AsSpan(from);
        if (!repeated.ContainsAnyExcept(repeated[0]))
            return false; // a ruler may well go on
        if (length >= Least)
            return true;
        return length >= LeastWords
            && (from == 0 || !IsWord(_delivered[from - 1]) || !IsWord(_delivered[from]))
            && (length == text.Length || !IsWord(text[length]) || !IsWord(text[length - 1]))
            && repeated.Trim().Contains(' ');
    }

    /// <summary>How much of a text's beginning is the white space that the delivered text ends with.</summary>
    private int Blank(string text)
    {
        for (var length = Math.Min(_blank.Length, text.Length); length > 0; length--)
        {
            if (_blank.AsSpan().EndsWith(text.AsSpan(0, length)))
                return length;
        }

        return 0;
    }

    /// <summary>A turn of its own begins without the space that would have come next, or with one too many. Where it may be code nothing is touched.</summary>
    private string Mended(string text)
    {
        if (text.Length == 0 || _delivered.Length < 2 || IsInCode())
            return text;
        var (before, last) = (_delivered[^2], _delivered[^1]);
        if (last == ' ' && before != ' ' && text[0] == ' ')
            return text[1..];
        return last is '.' or '!' or '?' && char.IsAsciiLetterLower(before) && text.Length > 1 && char.IsUpper(text[0]) && (char.IsLower(text[1]) || text[1] == ' ')
            ? " " + text
            : text;
    }

    private bool IsInCode()
    {
        var fences = 0;
        for (var at = 0; (at = _delivered.IndexOf("```", at, StringComparison.Ordinal)) >= 0; at += 3)
            fences++;
        return fences % 2 != 0 || _delivered.AsSpan(_delivered.LastIndexOf('\n') + 1).Count('`') % 2 != 0;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c);
}
