namespace Gateway.Routing.Rules.Language;

/// <summary>A question to a value, whose other side is constant. A struct, for the reason of <see cref="IFact{T}"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal interface ITest<in T>
{
    /// <summary>Whether a value passes.</summary>
    bool Holds(T value);
}
