namespace Gateway.Routing.Rules.Language;

/// <summary>Texts by name, such as headers.</summary>
/// <param name="text">How it is written.</param>
/// <param name="find">Finds one.</param>
internal sealed class MapTerm(string text, Lookup find) : Term(TermType.Map, text)
{
    /// <summary>Finds the text of a name.</summary>
    public Lookup Find { get; } = find;

    /// <summary>Whether names differ by case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>The form of a name in which equal names are equal texts.</summary>
    public string Normal(string name) => IgnoresCase ? name.ToLowerInvariant() : name;
}
