using System.Globalization;

namespace Gateway.Routing.Rules.Language;

/// <summary>
/// Reads tokens by precedence, lowest first: <c>?:</c>, <c>||</c>, <c>&amp;&amp;</c>, comparisons and <c>in</c>, <c>+ -</c>, <c>* / %</c>, signs, members. Each part is given
/// its type as soon as it is read; one that has none has been reported and is null, so that what follows is still checked.
/// </summary>
/// <param name="tokens">The tokens, the last of which is the end.</param>
/// <param name="names">What may be named.</param>
/// <param name="problems">Gets what is wrong with types and names.</param>
internal sealed class Parser(List<Token> tokens, RuleNames names, List<ExpressionProblem> problems)
{
    private readonly Checker _check = new(problems);
    private int _at;
    private int _depth;

    private Token Current => tokens[_at];

    /// <summary>Reads the whole expression.</summary>
    /// <exception cref="ExpressionException">The tokens don't make one.</exception>
    public Term? ReadAll()
    {
        var term = ReadChoice();
        return Current.Kind == TokenKind.End ? term : throw Unexpected("an operator or the end");
    }

    private Term? ReadChoice()
    {
        Deepen();
        var start = Current.Position;
        var condition = ReadOr();
        if (Take("?"))
        {
            var (at, whenTrue) = (Current.Position, ReadChoice());
            Expect(":");
            condition = _check.Choice(condition, whenTrue, ReadChoice(), start, at);
        }

        _depth--;
        return condition;
    }

    private Term? ReadOr() => ReadLeft(ReadAnd, "||");

    private Term? ReadAnd() => ReadLeft(ReadComparison, "&&");

    private Term? ReadComparison()
    {
        var start = Current.Position;
        var left = ReadSum();
        while (Current is { Kind: TokenKind.Symbol, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" } || Current.IsWord("in"))
        {
            var operation = tokens[_at++].Text;
            var at = Current.Position;
            left = _check.Binary(operation, left, ReadSum(), start, at);
        }

        return left;
    }

    private Term? ReadSum() => ReadLeft(ReadProduct, "+", "-");

    private Term? ReadProduct() => ReadLeft(ReadSigned, "*", "/", "%");

    private Term? ReadLeft(Func<Term?> read, params ReadOnlySpan<string> operations)
    {
        var start = Current.Position;
        var left = read();
        while (Current.Kind == TokenKind.Symbol && operations.Contains(Current.Text))
        {
            var operation = tokens[_at++].Text;
            var at = Current.Position;
            left = _check.Binary(operation, left, read(), start, at);
        }

        return left;
    }

    private Term? ReadSigned()
    {
        if (!Current.Is("!") && !Current.Is("-"))
            return ReadMembers();
        Deepen();
        var operation = tokens[_at++].Text;
        var at = Current.Position;
        var term = _check.Signed(operation, ReadSigned(), at);
        _depth--;
        return term;
    }

    private Term? ReadMembers()
    {
        var term = ReadPrimary();
        while (true)
        {
            if (Take("."))
            {
                var name = Expect(TokenKind.Name, "a name");
                term = Current.Is("(") ? _check.Method(term, name, ReadList(")")) : _check.Member(term, name);
            }
            else if (Current.Is("["))
            {
                var open = tokens[_at++];
                var indexAt = Current.Position;
                var index = ReadChoice();
                Expect("]");
                term = _check.Index(term, index, open.Position, indexAt);
            }
            else
            {
                return term;
            }
        }
    }

    private Term? ReadPrimary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return Constants.Number(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
            case TokenKind.Text:
                _at++;
                return Constants.Text(token.Text);
            case TokenKind.Name:
                _at++;
                return token.Text is "true" or "false" ? Constants.Flag(token.Text == "true")
                    : token.Text is "in" or "null" ? throw Fault(token, $"has {token.Shown} where a value belongs")
                    : Current.Is("(") ? _check.Call(names, token, ReadList(")"))
                    : _check.Name(names, token);
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                var inner = ReadChoice();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                return _check.List(ReadList("]"), token.Position);
            default:
                throw Unexpected("a value");
        }
    }

    /// <summary>Reads what stands between brackets, the opening one next.</summary>
    private List<(Term? Term, int Position)> ReadList(string close)
    {
        var items = new List<(Term?, int)>();
        _at++;
        if (Take(close))
            return items;
        do
        {
            var at = Current.Position;
            items.Add((ReadChoice(), at));
        }
        while (Take(","));
        Expect(close);
        return items;
    }

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        _at++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected($"\"{symbol}\"");
    }

    private Token Expect(TokenKind kind, string what) => Current.Kind == kind ? tokens[_at++] : throw Unexpected(what);

    private void Deepen()
    {
        if (++_depth > ExpressionCompiler.MostDepth)
            throw Fault(Current, $"is nested deeper than {ExpressionCompiler.MostDepth}");
    }

    private ExpressionException Unexpected(string wanted) => Fault(Current, $"has {Current.Shown} where {wanted} belongs");

    private static ExpressionException Fault(Token token, string message) => new(new ExpressionProblem(token.Position, message));
}
