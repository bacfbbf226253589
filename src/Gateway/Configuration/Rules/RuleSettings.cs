using Gateway.Configuration.Settings;
using Gateway.Routing.Rules.Language;

namespace Gateway.Configuration.Rules;

/// <summary>The settings of rules.</summary>
internal static class RuleSettings
{
    /// <summary>The most rules of one list.</summary>
    public const int MostRules = 200;

    private const int LongestMessage = 500;

    private static readonly TextRule When = new($"a condition of at most {ExpressionCompiler.MostCharacters} characters", static text =>
        string.IsNullOrWhiteSpace(text) ? "is empty; remove it for a rule that is for every request"
        : text.Length > ExpressionCompiler.MostCharacters ? $"is longer than {ExpressionCompiler.MostCharacters} characters"
        : null);

    private static readonly TextRule Message = new($"a text of at most {LongestMessage} characters", static text =>
        string.IsNullOrWhiteSpace(text) || text.Length > LongestMessage || text.Any(char.IsControl) ? $"must be one line of 1 to {LongestMessage} characters" : null);

    /// <summary>The rules of a route, or of all routes.</summary>
    public static ListShape List() => new(Rule(), 1) { MaxItems = MostRules };

    private static ObjectShape Rule() => new(
        new Setting("name", new TextShape(TextRules.Id), "Its name in the ledger. Experiments and rollouts of the same name divide callers in the same way.") { Required = true },
        new Setting("when", new TextShape(When), "Which requests it is for, such as \"tokens.input > 8000 && !request.hasTools\"; docs/rules.md has the language. Default: every request."),
        new Setting("percent", new NumberShape(0.001m, 100, 3), "For which percentage of these it is. Default: all of them."),
        new Setting("sticky", new TextShape(TextRule.OneOf("user", "key", "request")), "Who stays in the part or the arm that they came into: the end user that the request names (else the caller's user, else the key), the key, or nobody.") { Default = "\"user\"" },
        new Setting("to", new ListShape(new EitherShape(new TextShape(TextRules.RouteName), Arm()), 1), "Where its requests go instead: \"provider/model\" addresses and names of routes in order of preference, or { target, weight, arm } to divide them."),
        new Setting("deny", new ObjectShape(new Setting("message", new TextShape(Message), "What the client is told.") { Required = true }), "Refuse its requests."),
        new Setting("shadow", Shadow(), "Send copies of its requests to another target after they are answered. The answers are recorded and thrown away."));

    private static ObjectShape Arm() => new(
        new Setting("target", new TextShape(TextRules.RouteName), "A \"provider/model\" address or the name of a route.") { Required = true },
        new Setting("weight", new NumberShape(0, 1_000_000), "Its share of the requests, relative to the others'.") { Default = "1" },
        new Setting("arm", new TextShape(TextRules.Id), "The arm's name in the ledger."));

    private static ObjectShape Shadow() => new(
        new Setting("target", new TextShape(TextRules.Address), "Who gets the copies: a \"provider/model\" address.") { Required = true },
        new Setting("percent", new NumberShape(0.001m, 100, 3), "Of which percentage of the rule's requests a copy is made.") { Default = "100" },
        new Setting("budgetUsdPerDay", new NumberShape(0.000001m, 1_000_000, 9), "What copies may cost each day (UTC), in USD. Callers' budgets don't count them.") { Required = true });
}
