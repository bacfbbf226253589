namespace Gateway.Routing.Rules.Language;

/// <summary>Comparisons with a constant number.</summary>
internal static class NumberTests
{
    /// <summary>The comparison that an operator stands for.</summary>
    public static Evaluation<bool> Of(TypedTerm<double> term, string operation, double number) => operation switch
    {
        "==" => term.Test(new Equal(number)),
        "<" => term.Test(new Below(number)),
        "<=" => term.Test(new AtMost(number)),
        ">" => term.Test(new Above(number)),
        _ => term.Test(new AtLeast(number)),
    };

    private readonly struct Equal(double number) : ITest<double>
    {
        public bool Holds(double value) => value == number;
    }

    private readonly struct Below(double number) : ITest<double>
    {
        public bool Holds(double value) => value < number;
    }

    private readonly struct AtMost(double number) : ITest<double>
    {
        public bool Holds(double value) => value <= number;
    }

    private readonly struct Above(double number) : ITest<double>
    {
        public bool Holds(double value) => value > number;
    }

    private readonly struct AtLeast(double number) : ITest<double>
    {
        public bool Holds(double value) => value >= number;
    }
}
