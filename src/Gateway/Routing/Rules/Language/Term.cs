namespace Gateway.Routing.Rules.Language;

/// <summary>A part of an expression whose type is known.</summary>
/// <param name="type">Its type.</param>
/// <param name="text">Itself in one form for all ways to write it, so that equal texts mean equal values.</param>
internal abstract class Term(TermType type, string text)
{
    /// <summary>Its type.</summary>
    public TermType Type { get; } = type;

    /// <summary>Itself in one form for all ways to write it.</summary>
    public string Text { get; } = text;

    /// <summary>Whether its value is the same for all requests.</summary>
    public virtual bool IsConstant => false;

    /// <summary>What it says, where it is a condition.</summary>
    public Claim Claim { get => field ?? Claim.Of(Text); init; }

    /// <summary>The only texts it can be; null: any.</summary>
    public IReadOnlyCollection<string>? Choices { get; init; }
}
