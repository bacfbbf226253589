namespace Gateway.Routing.Rules.Language;

/// <summary>A token of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <param name="Text">The name or symbol as written; a quoted text decoded; a number as written.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text)
{
    /// <summary>Whether it is this symbol.</summary>
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    /// <summary>Whether it is this word.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Name && Text == word;

    /// <summary>Itself, for people.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "a text",
        _ => $"\"{Text}\"",
    };
}
