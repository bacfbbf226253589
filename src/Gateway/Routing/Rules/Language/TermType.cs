namespace Gateway.Routing.Rules.Language;

/// <summary>What an expression's value is.</summary>
internal enum TermType
{
    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A number; whole ones are exact up to 2⁵³.</summary>
    Number,

    /// <summary>A time span in seconds, or a time of day since midnight.</summary>
    Duration,

    /// <summary>A text, compared by its characters.</summary>
    Text,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>A list of numbers.</summary>
    Numbers,

    /// <summary>Texts by name.</summary>
    Map,

    /// <summary>A name that only has members.</summary>
    Scope,
}
