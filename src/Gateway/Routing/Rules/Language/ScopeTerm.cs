namespace Gateway.Routing.Rules.Language;

/// <summary>A name that only has members, such as <c>request</c>.</summary>
/// <param name="text">How it is written.</param>
/// <param name="members">Its members.</param>
internal sealed class ScopeTerm(string text, IReadOnlyDictionary<string, Term> members) : Term(TermType.Scope, text)
{
    /// <summary>Its members.</summary>
    public IReadOnlyDictionary<string, Term> Members { get; } = members;
}
