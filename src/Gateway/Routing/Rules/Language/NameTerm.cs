namespace Gateway.Routing.Rules.Language;

/// <summary>A name that stands for one fact of a request.</summary>
/// <typeparam name="T">The fact's type.</typeparam>
/// <typeparam name="TFact">The fact.</typeparam>
/// <param name="type">Its type.</param>
/// <param name="text">How it is written.</param>
internal sealed class NameTerm<T, TFact>(TermType type, string text) : TypedTerm<T>(type, text, (ref f) => TFact.Of(ref f))
    where TFact : struct, IFact<T>
{
    /// <inheritdoc/>
    public override Evaluation<bool> Test<TTest>(TTest test) => (ref f) => test.Holds(TFact.Of(ref f));
}
