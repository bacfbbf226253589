namespace Gateway.Routing.Rules.Language;

/// <summary>Texts by name, such as headers.</summary>
/// <param name="text">How it is written.</param>
/// <param name="find">Finds one.</param>
/// <param name="places">Where what has been found is kept.</param>
internal sealed class MapTerm(string text, Lookup find, FoundPlaces places) : Term(TermType.Map, text)
{
    /// <summary>Finds the text of a name.</summary>
    public Lookup Find { get; } = find;

    /// <summary>Whether names differ by case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>The text of one name; empty when there is none.</summary>
    public TypedTerm<string> Element(string name)
    {
        var (lookUp, written) = (Find, $"{Text}[{Constants.Quoted(Normal(name))}]");
        return places.Of(written) is { } place ? new ElementTerm(written, lookUp, name, place) : new TypedTerm<string>(TermType.Text, written, (ref f) => lookUp(ref f, name) ?? "");
    }

    /// <summary>The form of a name in which equal names are equal texts.</summary>
    public string Normal(string name) => IgnoresCase ? name.ToLowerInvariant() : name;
}
