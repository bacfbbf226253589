namespace Gateway.Routing.Rules.Language;

/// <summary>A text is no expression: reading it ends here.</summary>
/// <param name="problem">What is wrong.</param>
internal sealed class ExpressionException(ExpressionProblem problem) : Exception(problem.Message)
{
    /// <summary>What is wrong.</summary>
    public ExpressionProblem Problem { get; } = problem;
}
