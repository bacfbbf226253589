namespace Gateway.Routing.Rules.Language;

/// <summary>Gives types to what operators make, and computes what is constant.</summary>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class Operators(List<ExpressionProblem> problems)
{
    private readonly Comparisons _comparisons = new(problems);

    /// <summary>An operator between two terms; null when one of them has been reported, or is now.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="left">What stands before it.</param>
    /// <param name="right">What stands after it.</param>
    /// <param name="leftAt">Where the left one begins.</param>
    /// <param name="rightAt">Where the right one begins.</param>
    public Term? Binary(string operation, Term? left, Term? right, int leftAt, int rightAt)
    {
        if (left is null || right is null)
            return null;
        return operation switch
        {
            "&&" or "||" => Logic(operation, left, right, leftAt, rightAt),
            "in" => _comparisons.In(left, right, leftAt, rightAt),
            "+" or "-" or "*" or "/" or "%" => Arithmetic(operation, left, right, leftAt, rightAt),
            _ => _comparisons.Compare(operation, left, right, leftAt, rightAt),
        };
    }

    /// <summary><c>!</c> or a minus.</summary>
    public Term? Signed(string operation, Term? operand, int at)
    {
        if (operand is null)
            return null;
        if (operation == "!")
            return operand is TypedTerm<bool> flag ? Not(flag) : Refuse(at, $"negates {operand.Type.Name()}; only what is true or false can be");
        if (operand is not TypedTerm<double> number)
            return Refuse(at, $"has a minus before {operand.Type.Name()}");
        var value = number.Value;
        return Folded(operand.Type, $"-{operand.Text}", (ref f) => -value(ref f), operand.IsConstant);
    }

    /// <summary>The opposite of a condition.</summary>
    public static TypedTerm<bool> Not(TypedTerm<bool> flag)
    {
        if (flag.IsConstant)
            return Constants.Flag(!flag.Constant);
        var value = flag.Value;
        return new TypedTerm<bool>(TermType.Flag, Claim.Opposite(flag.Text), (ref f) => !value(ref f)) { Claim = flag.Claim.Not() };
    }

    /// <summary><c>condition ? whenTrue : whenFalse</c>.</summary>
    public Term? Choice(Term? condition, Term? whenTrue, Term? whenFalse, int conditionAt, int at)
    {
        if (condition is null || whenTrue is null || whenFalse is null)
            return null;
        if (condition is not TypedTerm<bool> flag)
            return Refuse(conditionAt, $"chooses by {condition.Type.Name()}; before ? stands what is true or false");
        if (whenTrue.Type != whenFalse.Type)
            return Refuse(at, $"chooses between {whenTrue.Type.Name()} and {whenFalse.Type.Name()}; both must be the same");
        if (flag.IsConstant)
            return flag.Constant ? whenTrue : whenFalse;
        var text = $"({flag.Text} ? {whenTrue.Text} : {whenFalse.Text})";
        return (whenTrue, whenFalse) switch
        {
            (TypedTerm<bool> a, TypedTerm<bool> b) => Choice(flag, a, b, text),
            (TypedTerm<double> a, TypedTerm<double> b) => Choice(flag, a, b, text),
            (TypedTerm<string> a, TypedTerm<string> b) => Choice(flag, a, b, text),
            _ => Refuse(at, $"chooses between {whenTrue.Type.Name()} and another; a choice gives a truth, a number, a duration or a text"),
        };
    }

    private static TypedTerm<T> Choice<T>(TypedTerm<bool> flag, TypedTerm<T> whenTrue, TypedTerm<T> whenFalse, string text)
    {
        var (condition, a, b) = (flag.Value, whenTrue.Value, whenFalse.Value);
        return new TypedTerm<T>(whenTrue.Type, text, (ref f) => condition(ref f) ? a(ref f) : b(ref f));
    }

    private Term? Logic(string operation, Term left, Term right, int leftAt, int rightAt)
    {
        if (left is not TypedTerm<bool> a)
            return Refuse(leftAt, $"has {left.Type.Name()} before {operation}, where true or false belongs");
        if (right is not TypedTerm<bool> b)
            return Refuse(rightAt, $"has {right.Type.Name()} after {operation}, where true or false belongs");
        var all = operation == "&&";
        if (a.IsConstant)
            return a.Constant == all ? b : a;
        if (b.IsConstant)
            return b.Constant == all ? a : b;
        var (x, y, text) = (a.Value, b.Value, $"({a.Text} {operation} {b.Text})");
        return all
            ? new TypedTerm<bool>(TermType.Flag, text, (ref f) => x(ref f) && y(ref f)) { Claim = Claim.Of(ClaimKind.All, text, a.Claim, b.Claim) }
            : new TypedTerm<bool>(TermType.Flag, text, (ref f) => x(ref f) || y(ref f)) { Claim = Claim.Of(ClaimKind.Any, text, a.Claim, b.Claim) };
    }

    private Term? Arithmetic(string operation, Term left, Term right, int leftAt, int rightAt)
    {
        if (left is not TypedTerm<double> a)
            return Refuse(leftAt, $"calculates with {left.Type.Name()}; only numbers and durations can be");
        if (right is not TypedTerm<double> b)
            return Refuse(rightAt, $"calculates with {right.Type.Name()}; only numbers and durations can be");
        if (a.Type != b.Type)
            return Refuse(rightAt, $"calculates with {left.Type.Name()} and {right.Type.Name()}; both must be the same");
        if (operation is not ("+" or "-") && a.Type == TermType.Duration)
            return Refuse(leftAt, $"has {operation} between durations; they can be added and subtracted");
        if (operation is "/" or "%" && b is { IsConstant: true, Constant: 0 })
            return Refuse(rightAt, "divides by 0");
        var (x, y) = (a.Value, b.Value);
        return Folded(a.Type, $"({a.Text} {operation} {b.Text})", operation switch
        {
            "+" => (ref f) => x(ref f) + y(ref f),
            "-" => (ref f) => x(ref f) - y(ref f),
            "*" => (ref f) => x(ref f) * y(ref f),
            "/" => (ref f) => x(ref f) / y(ref f),
            _ => (ref f) => x(ref f) % y(ref f),
        }, a.IsConstant && b.IsConstant);
    }

    private static TypedTerm<double> Folded(TermType type, string text, Evaluation<double> value, bool isConstant)
    {
        if (!isConstant)
            return new TypedTerm<double>(type, text, value);
        var none = default(RuleFacts);
        return type == TermType.Duration ? Constants.Duration(value(ref none)) : Constants.Number(value(ref none));
    }

    private Term? Refuse(int at, string message)
    {
        problems.Add(new ExpressionProblem(at, message));
        return null;
    }
}
