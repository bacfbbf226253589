using System.Collections.Frozen;

namespace Gateway.Routing.Rules.Language;

/// <summary>Comparisons with constant texts, by their characters.</summary>
internal static class TextTests
{
    // From here on a set is faster than looking at each.
    private const int FewTexts = 8;

    /// <summary>Whether a text is another.</summary>
    public static Evaluation<bool> Is(TypedTerm<string> term, string constant) => term.Test(new Equal(constant));

    /// <summary>Whether a text is one of several.</summary>
    public static Evaluation<bool> IsIn(TypedTerm<string> term, IReadOnlyList<string> constants) =>
        constants.Count > FewTexts ? term.Test(new InSet(constants.ToFrozenSet())) : term.Test(new InFew([.. constants]));

    /// <summary>Whether a text begins with another.</summary>
    public static Evaluation<bool> StartsWith(TypedTerm<string> term, string constant) => term.Test(new Beginning(constant));

    /// <summary>Whether a text passes any other test.</summary>
    public static Evaluation<bool> Passes(TypedTerm<string> term, Func<string, bool> test) => term.Test(new Any(test));

    private readonly struct Equal(string constant) : ITest<string>
    {
        public bool Holds(string value) => value == constant;
    }

    private readonly struct InFew(string[] constants) : ITest<string>
    {
        public bool Holds(string value)
        {
            foreach (var constant in constants)
            {
                if (value == constant)
                    return true;
            }

            return false;
        }
    }

    private readonly struct InSet(FrozenSet<string> constants) : ITest<string>
    {
        public bool Holds(string value) => constants.Contains(value);
    }

    private readonly struct Beginning(string constant) : ITest<string>
    {
        public bool Holds(string value) => value.StartsWith(constant, StringComparison.Ordinal);
    }

    private readonly struct Any(Func<string, bool> test) : ITest<string>
    {
        public bool Holds(string value) => test(value);
    }
}
