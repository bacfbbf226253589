namespace Gateway.Routing.Rules.Language;

/// <summary>What types are called.</summary>
internal static class TermTypes
{
    /// <summary>The name for people.</summary>
    public static string Name(this TermType type) => type switch
    {
        TermType.Flag => "true or false",
        TermType.Number => "a number",
        TermType.Duration => "a duration",
        TermType.Text => "a text",
        TermType.Texts => "a list of texts",
        TermType.Numbers => "a list of numbers",
        TermType.Map => "a map",
        _ => "a name with members",
    };
}
