namespace Gateway.Routing.Rules.Language;

/// <summary>An element of a map by a constant name, looked up once in an evaluation; empty when there is none.</summary>
/// <param name="text">How it is written.</param>
/// <param name="find">Finds the map's elements.</param>
/// <param name="name">The element's name.</param>
/// <param name="place">Where in <see cref="RuleFacts.Found"/> it is kept.</param>
internal sealed class ElementTerm(string text, Lookup find, string name, int place)
    : TypedTerm<string>(TermType.Text, text, (ref f) => f.Found[place] ??= find(ref f, name) ?? "")
{
    /// <inheritdoc/>
    public override Evaluation<bool> Test<TTest>(TTest test)
    {
        var value = Value;
        return (ref f) => test.Holds(f.Found[place] ?? value(ref f));
    }
}
