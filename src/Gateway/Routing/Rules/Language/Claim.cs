namespace Gateway.Routing.Rules.Language;

/// <summary>What a condition says, as far as two can be compared without looking at requests. See <see cref="ClaimLogic"/>.</summary>
internal sealed record Claim
{
    /// <summary>How it is made up.</summary>
    public ClaimKind Kind { get; private init; }

    /// <summary>The condition in one form for all ways to write it; the negation of <c>x</c> is <c>!x</c>.</summary>
    public required string Text { get; init; }

    /// <summary>What it is made up of; empty for atoms.</summary>
    public IReadOnlyList<Claim> Parts { get; private init; } = [];

    /// <summary>What it is about, where it compares something with constants; otherwise null.</summary>
    public string? Subject { get; init; }

    /// <summary>The numbers that the subject may be; null: it says nothing of numbers.</summary>
    public NumberRange? Range { get; init; }

    /// <summary>The texts that the subject may be; null: not a few ones.</summary>
    public IReadOnlyList<string>? OneOf { get; init; }

    /// <summary>How the subject begins; null: it does not say.</summary>
    public string? Prefix { get; init; }

    /// <summary>Whether a text as the subject would do; null: it can't be said.</summary>
    public Func<string, bool>? Accepts { get; init; }

    /// <summary>A claim that can only be told from others by its text.</summary>
    public static Claim Of(string text) => new() { Text = text };

    /// <summary>Several claims at once.</summary>
    /// <param name="kind">All or any of them.</param>
    /// <param name="text">The condition.</param>
    /// <param name="parts">The claims.</param>
    public static Claim Of(ClaimKind kind, string text, params IReadOnlyList<Claim> parts) =>
        new() { Kind = kind, Text = text, Parts = [.. parts.SelectMany(p => p.Kind == kind ? p.Parts : [p])] };

    /// <summary>The opposite.</summary>
    public Claim Not() => Kind switch
    {
        ClaimKind.All => Of(ClaimKind.Any, Opposite(Text), [.. Parts.Select(p => p.Not())]),
        ClaimKind.Any => Of(ClaimKind.All, Opposite(Text), [.. Parts.Select(p => p.Not())]),
        _ => Of(Opposite(Text)),
    };

    /// <summary>The text of the opposite of a condition.</summary>
    public static string Opposite(string text) => text.StartsWith('!') ? text[1..] : "!" + text;
}
