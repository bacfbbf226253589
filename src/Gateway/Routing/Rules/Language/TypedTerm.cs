namespace Gateway.Routing.Rules.Language;

/// <summary>A part of an expression that has a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal class TypedTerm<T> : Term
{
    /// <summary>A part that depends on the request.</summary>
    public TypedTerm(TermType type, string text, Evaluation<T> value)
        : base(type, text) => Value = value;

    /// <summary>A constant.</summary>
    public TypedTerm(TermType type, string text, T constant)
        : base(type, text) => (Value, Constant, IsConstant) = ((ref _) => constant, constant, true);

    /// <summary>Computes the value.</summary>
    public Evaluation<T> Value { get; }

    /// <summary>The value, where <see cref="IsConstant"/>.</summary>
    public T? Constant { get; }

    /// <inheritdoc/>
    public override bool IsConstant { get; }

    /// <summary>Asks for the value and puts it to a test.</summary>
    public virtual Evaluation<bool> Test<TTest>(TTest test)
        where TTest : struct, ITest<T>
    {
        var value = Value;
        return (ref f) => test.Holds(value(ref f));
    }
}
