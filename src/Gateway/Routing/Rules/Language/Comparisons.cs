namespace Gateway.Routing.Rules.Language;

/// <summary>Gives types to comparisons and <c>in</c>.</summary>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class Comparisons(List<ExpressionProblem> problems)
{
    /// <summary>A comparison; constants come to stand on the right.</summary>
    public Term? Compare(string operation, Term left, Term right, int leftAt, int rightAt)
    {
        if (left.Type != right.Type)
            return Refuse(rightAt, $"compares {left.Type.Name()} with {right.Type.Name()}");
        if (left.IsConstant && !right.IsConstant)
            return Compare(Turned(operation), right, left, rightAt, leftAt);
        if (operation == "!=")
            return Compare("==", left, right, leftAt, rightAt) is TypedTerm<bool> equal ? Operators.Not(equal) : null;
        return (left, right) switch
        {
            (TypedTerm<double> a, TypedTerm<double> b) => Numbers(operation, a, b),
            (TypedTerm<string> a, TypedTerm<string> b) => Texts(operation, a, b, rightAt),
            (TypedTerm<bool> a, TypedTerm<bool> b) when operation == "==" => Flags(a, b),
            _ => Refuse(leftAt, $"has {operation} between {left.Type.Name()} and another; compare numbers, durations or texts"),
        };
    }

    /// <summary><c>left in right</c>.</summary>
    public Term? In(Term left, Term right, int leftAt, int rightAt)
    {
        switch (left, right)
        {
            case (TypedTerm<string> name, MapTerm map):
                var (find, sought) = (map.Find, name.Value);
                var key = name.IsConstant ? Constants.Quoted(map.Normal(name.Constant!)) : name.Text;
                return new TypedTerm<bool>(TermType.Flag, $"({key} in {map.Text})", (ref f) => find(ref f, sought(ref f)) is not null);
            case (TypedTerm<string> text, TypedTerm<IReadOnlyList<string>> texts):
                return InTexts(text, texts, rightAt);
            case ({ Type: TermType.Number } and TypedTerm<double> number, TypedTerm<IReadOnlyList<double>> numbers):
                var (value, list) = (number.Value, (double[])[.. numbers.Constant!]);
                return number.IsConstant ? Constants.Flag(list.Contains(number.Constant)) : new TypedTerm<bool>(TermType.Flag, $"({number.Text} in {numbers.Text})", (ref f) => list.AsSpan().Contains(value(ref f)));
            default:
                return right.Type is TermType.Texts or TermType.Numbers or TermType.Map
                    ? Refuse(leftAt, $"looks for {left.Type.Name()} in {right.Type.Name()}")
                    : Refuse(rightAt, $"looks into {right.Type.Name()}; after in stands a list or a map");
        }
    }

    private Term? InTexts(TypedTerm<string> text, TypedTerm<IReadOnlyList<string>> texts, int at)
    {
        var written = $"({text.Text} in {texts.Text})";
        if (!texts.IsConstant)
        {
            var (value, list) = (text.Value, texts.Value);
            return new TypedTerm<bool>(TermType.Flag, written, (ref f) => IsIn(list(ref f), value(ref f)));
        }

        var known = texts.Constant!;
        if (text.Choices is { } choices && known.FirstOrDefault(t => !choices.Contains(t)) is { } never)
            return Never(at, never, choices);
        if (text.IsConstant)
            return Constants.Flag(known.Contains(text.Constant!));
        return new TypedTerm<bool>(TermType.Flag, written, TextTests.IsIn(text, known))
        {
            Claim = new Claim { Text = written, Subject = text.Text, OneOf = known, Accepts = known.Contains },
        };
    }

    private static TypedTerm<bool> Numbers(string operation, TypedTerm<double> a, TypedTerm<double> b)
    {
        var text = $"({a.Text} {operation} {b.Text})";
        if (!b.IsConstant)
        {
            var (x, y) = (a.Value, b.Value);
            return new TypedTerm<bool>(TermType.Flag, text, operation switch
            {
                "==" => (ref f) => x(ref f) == y(ref f),
                "<" => (ref f) => x(ref f) < y(ref f),
                "<=" => (ref f) => x(ref f) <= y(ref f),
                ">" => (ref f) => x(ref f) > y(ref f),
                _ => (ref f) => x(ref f) >= y(ref f),
            });
        }

        var number = b.Constant;
        var holds = NumberTests.Of(a, operation, number);
        return a.IsConstant ? Folded(holds) : new TypedTerm<bool>(TermType.Flag, text, holds) { Claim = new Claim { Text = text, Subject = a.Text, Range = NumberRange.Of(operation, number) } };
    }

    private Term? Texts(string operation, TypedTerm<string> a, TypedTerm<string> b, int at)
    {
        var (x, y, text) = (a.Value, b.Value, $"({a.Text} {operation} {b.Text})");
        Evaluation<bool> holds = operation switch
        {
            "==" => (ref f) => string.Equals(x(ref f), y(ref f)),
            "<" => (ref f) => string.CompareOrdinal(x(ref f), y(ref f)) < 0,
            "<=" => (ref f) => string.CompareOrdinal(x(ref f), y(ref f)) <= 0,
            ">" => (ref f) => string.CompareOrdinal(x(ref f), y(ref f)) > 0,
            _ => (ref f) => string.CompareOrdinal(x(ref f), y(ref f)) >= 0,
        };
        if (!b.IsConstant || operation != "==")
            return a.IsConstant && b.IsConstant ? Folded(holds) : new TypedTerm<bool>(TermType.Flag, text, holds);
        var constant = b.Constant!;
        if (a.Choices is { } choices && !choices.Contains(constant))
            return Never(at, constant, choices);
        if (a.IsConstant)
            return Folded(holds);
        return new TypedTerm<bool>(TermType.Flag, text, TextTests.Is(a, constant))
        {
            Claim = new Claim { Text = text, Subject = a.Text, OneOf = [constant], Accepts = t => t == constant },
        };
    }

    private static TypedTerm<bool> Flags(TypedTerm<bool> a, TypedTerm<bool> b)
    {
        if (b.IsConstant)
            return b.Constant ? a : Operators.Not(a);
        var (x, y) = (a.Value, b.Value);
        return new TypedTerm<bool>(TermType.Flag, $"({a.Text} == {b.Text})", (ref f) => x(ref f) == y(ref f));
    }

    private static bool IsIn(IReadOnlyList<string> texts, string text)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] == text)
                return true;
        }

        return false;
    }

    private static string Turned(string operation) => operation switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => operation,
    };

    private static TypedTerm<bool> Folded(Evaluation<bool> value)
    {
        var none = default(RuleFacts);
        return Constants.Flag(value(ref none));
    }

    private Term? Never(int at, string text, IReadOnlyCollection<string> choices)
    {
        problems.Add(new ExpressionProblem(at, $"compares with \"{text}\", which it never is; it is one of {string.Join(", ", choices)}") { Unknown = text, Known = choices });
        return null;
    }

    private Term? Refuse(int at, string message)
    {
        problems.Add(new ExpressionProblem(at, message));
        return null;
    }
}
