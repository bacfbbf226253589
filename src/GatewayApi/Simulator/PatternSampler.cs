using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GatewayApi.Simulator;

/// <summary>Makes up a string that matches a simple regular expression: literals, classes, groups, alternatives, counts.</summary>
internal sealed class PatternSampler
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromMilliseconds(50);
    private const int LongestRepeat = 256;

    private readonly string _pattern;
    private readonly int _variation;
    private int _at;

    private PatternSampler(string pattern, int variation)
    {
        _pattern = pattern;
        _variation = variation;
    }

    /// <summary>A matching string, or null when the pattern is beyond this sampler.</summary>
    public static string? Sample(string pattern, int variation)
    {
        try
        {
            var sampler = new PatternSampler(pattern, variation);
            var text = sampler.Alternatives();
            return sampler._at == pattern.Length && Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, CheckLimit) ? text : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IndexOutOfRangeException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private string Alternatives()
    {
        var first = Sequence();
        while (_at < _pattern.Length && _pattern[_at] == '|')
        {
            _at++;
            Sequence();
        }

        return first;
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var atom = Atom();
            var times = Times();
            for (var i = 0; i < times; i++)
                text.Append(atom);
        }

        return text.ToString();
    }

    private string Atom()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '^' or '$':
                return string.Empty;
            case '.':
                return "a";
            case '\\':
                return Escape(_pattern[_at++]) is var escaped and not '\0' ? escaped.ToString() : string.Empty;
            case '[':
                return Class().ToString();
            case '(':
                if (_pattern[_at] == '?')
                    _at = _pattern[_at + 1] == ':' ? _at + 2 : throw new FormatException("Only plain groups are sampled.");
                var group = Alternatives();
                return _pattern[_at++] == ')' ? group : throw new FormatException("The group is not closed.");
            default:
                return c.ToString();
        }
    }

    private int Times()
    {
        if (_at >= _pattern.Length)
            return 1;
        var times = 1;
        switch (_pattern[_at])
        {
            case '*' or '?' or '+':
                _at++;
                break;
            case '{':
                var end = _pattern.IndexOf('}', _at);
                var least = _pattern[(_at + 1)..end].Split(',')[0];
                times = Math.Min(int.Parse(least, NumberStyles.None, CultureInfo.InvariantCulture), LongestRepeat);
                _at = end + 1;
                break;
            default:
                return 1;
        }

        // A lazy count matches the same texts.
        if (_at < _pattern.Length && _pattern[_at] == '?')
            _at++;
        return times;
    }

    private char Class()
    {
        if (_pattern[_at] == '^')
            throw new FormatException("Negated classes are not sampled.");
        var members = new List<char>();
        while (_pattern[_at] != ']')
        {
            var from = Member();
            var isRange = _pattern[_at] == '-' && _pattern[_at + 1] != ']';
            if (isRange)
                _at++;
            var to = isRange ? Member() : from;
            for (var c = from; c <= to && members.Count < 128; c++)
                members.Add(c);
        }

        _at++;
        return members[_variation % members.Count];
    }

    private char Member()
    {
        var c = _pattern[_at++];
        return c == '\\' ? Escape(_pattern[_at++]) : c;
    }

    private char Escape(char c) => c switch
    {
        'd' => (char)('1' + _variation % 9),
        'w' => (char)('a' + _variation % 26),
        's' => ' ',
        't' => '\t',
        'n' => '\n',
        'b' => '\0',
        _ when char.IsLetterOrDigit(c) => throw new FormatException("This escape is not sampled."),
        _ => c,
    };
}
