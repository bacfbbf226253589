namespace Gateway.Routing.Rules.Language;

/// <summary>What a token of an expression is.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name or a word: <c>request</c>, <c>in</c>, <c>true</c>.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A quoted text.</summary>
    Text,

    /// <summary>An operator or a bracket.</summary>
    Symbol,
}
