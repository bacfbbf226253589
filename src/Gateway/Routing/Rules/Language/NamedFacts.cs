namespace Gateway.Routing.Rules.Language;

/// <summary>The facts that conditions are compared with most, each as a type of its own.</summary>
internal static class NamedFacts
{
    /// <inheritdoc cref="RuleFacts.Model"/>
    public readonly struct Model : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.Model;
    }

    /// <inheritdoc cref="RuleFacts.Operation"/>
    public readonly struct Operation : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.Operation;
    }

    /// <inheritdoc cref="RuleFacts.MaxTokens"/>
    public readonly struct MaxTokens : IFact<double>
    {
        public static double Of(ref RuleFacts facts) => facts.MaxTokens;
    }

    /// <inheritdoc cref="RuleFacts.InputTokens"/>
    public readonly struct InputTokens : IFact<double>
    {
        public static double Of(ref RuleFacts facts) => facts.InputTokens;
    }

    /// <inheritdoc cref="RuleFacts.Key"/>
    public readonly struct Key : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.Key;
    }

    /// <inheritdoc cref="RuleFacts.User"/>
    public readonly struct User : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.User;
    }

    /// <inheritdoc cref="RuleFacts.Team"/>
    public readonly struct Team : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.Team;
    }

    /// <inheritdoc cref="RuleFacts.Customer"/>
    public readonly struct Customer : IFact<string>
    {
        public static string Of(ref RuleFacts facts) => facts.Customer;
    }

    /// <inheritdoc cref="RuleFacts.BudgetUsed"/>
    public readonly struct BudgetUsed : IFact<double>
    {
        public static double Of(ref RuleFacts facts) => facts.BudgetUsed(null);
    }
}
