namespace Gateway.Routing.Rules.Language;

/// <summary>Reads one fact of a request. A struct, so that a condition on it is compiled for it and asks without a call.</summary>
/// <typeparam name="T">The fact's type.</typeparam>
internal interface IFact<out T>
{
    /// <summary>The fact.</summary>
    static abstract T Of(ref RuleFacts facts);
}
