using System.Globalization;
using System.Text;

namespace Gateway.Routing.Rules.Language;

/// <summary>Cuts an expression into tokens.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[", "]", ",", "."];

    /// <summary>The tokens of a text, the last of which is its end.</summary>
    /// <exception cref="ExpressionException">Something is no token.</exception>
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; ;)
        {
            while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
                at++;
            if (at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, text.Length, ""));
                return tokens;
            }

            tokens.Add(ReadOne(text, ref at));
        }
    }

    private static Token ReadOne(string text, ref int at)
    {
        var start = at;
        if (char.IsAsciiLetter(text[at]) || text[at] == '_')
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            return new Token(TokenKind.Name, start, text[start..at]);
        }

        if (char.IsAsciiDigit(text[at]))
            return ReadNumber(text, ref at);
        if (text[at] is '"' or '\'')
            return ReadText(text, ref at);
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, start, symbol);
            }
        }

        var found = text[at] is > ' ' and <= '~' ? $"\"{text[at]}\"" : "a character that has no meaning here";
        throw Fault(at, text[at] is '&' or '|' or '=' ? $"has {found}; write it twice" : $"has {found}, which means nothing here");
    }

    private static Token ReadNumber(string text, ref int at)
    {
        var start = at;
        SkipDigits(text, ref at);
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            SkipDigits(text, ref at);
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            if (at >= text.Length || !char.IsAsciiDigit(text[at]))
                throw Fault(start, "has a number without its exponent");
            SkipDigits(text, ref at);
        }

        if (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_'))
            throw Fault(start, "has a number that goes on as a name; numbers are written in digits, durations as duration(\"90s\")");
        var number = text[start..at];
        return double.IsFinite(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))
            ? new Token(TokenKind.Number, start, number)
            : throw Fault(start, "has a number that is too large");
    }

    private static void SkipDigits(string text, ref int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
    }

    private static Token ReadText(string text, ref int at)
    {
        var (start, quote, value) = (at, text[at], new StringBuilder());
        for (at++; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                at++;
                return new Token(TokenKind.Text, start, value.ToString());
            }

            if (text[at] == '\\')
                value.Append(Escaped(text, ref at));
            else
                value.Append(text[at]);
        }

        throw Fault(start, $"has a text whose closing {quote} is missing");
    }

    private static char Escaped(string text, ref int at)
    {
        var start = at++;
        switch (at < text.Length ? text[at] : '\0')
        {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case '\\' or '"' or '\'':
                return text[at];
            case 'u' when at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default:
                throw Fault(start, "has an escape that is not known; known are \\n \\t \\r \\\\ \\\" \\' and \\uXXXX");
        }
    }

    private static ExpressionException Fault(int position, string message) => new(new ExpressionProblem(position, message));
}
