namespace Gateway.Routing.Rules.Language;

/// <summary>One thing that is wrong with an expression.</summary>
/// <param name="Position">Where, in characters from 0.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
internal sealed record ExpressionProblem(int Position, string Message)
{
    /// <summary>The name that is not known, or null.</summary>
    public string? Unknown { get; init; }

    /// <summary>The names that <see cref="Unknown"/> may have been meant to be.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];
}
