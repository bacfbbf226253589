namespace Gateway.Routing.Rules.Language;

/// <summary>Reads and checks conditions: a subset of CEL (the Common Expression Language), each part of which has a type before any request is seen.</summary>
internal static class ExpressionCompiler
{
    /// <summary>The longest expression in characters.</summary>
    public const int MostCharacters = 2_000;

    /// <summary>How deep brackets, signs and choices may be nested.</summary>
    public const int MostDepth = 32;

    /// <summary>Compiles a condition.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="names">What it may name.</param>
    /// <param name="problems">Gets everything that is wrong.</param>
    /// <returns>Null exactly when something is wrong. Never throws.</returns>
    public static Condition? Compile(string text, RuleNames names, List<ExpressionProblem> problems)
    {
        var before = problems.Count;
        var term = Read(text, names, problems);
        if (term is { Type: not TermType.Flag })
            problems.Add(new ExpressionProblem(0, $"must be true or false, but is {term.Type.Name()}"));
        if (problems.Count > before || term is not TypedTerm<bool> condition)
            return null;
        return new Condition(condition.Value, condition.Claim, condition.IsConstant ? condition.Constant : null);
    }

    private static Term? Read(string text, RuleNames names, List<ExpressionProblem> problems)
    {
        if (text.Length > MostCharacters)
        {
            problems.Add(new ExpressionProblem(MostCharacters, $"is longer than {MostCharacters} characters"));
            return null;
        }

        try
        {
            return new Parser(Lexer.Read(text), names, problems).ReadAll();
        }
        catch (ExpressionException e)
        {
            problems.Add(e.Problem);
            return null;
        }
    }
}
