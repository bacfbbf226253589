using Gateway.Protocol;

namespace Gateway.Dialects.OpenAi;

/// <summary>Words for how much to think, and their likeness in tokens.</summary>
internal static class Efforts
{
    /// <summary>All words, from the least.</summary>
    public static readonly string[] All = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

    /// <summary>The effort that is asked for, in whichever words; null when the model is to decide.</summary>
    public static string? Of(ReasoningSettings settings) =>
        settings.Effort
        ?? (settings.Enabled == false || settings.BudgetTokens == 0 ? "none"
        : settings.BudgetTokens is > 0 and var budget ? budget < 4_096 ? "low" : budget < 16_384 ? "medium" : "high"
        : settings.Enabled == true && !settings.Adaptive ? "medium"
        : null);

    /// <summary>The word of <paramref name="known"/> that comes nearest: the next above, or the highest; none stays none or becomes the least.</summary>
    public static string Nearest(string effort, string[] known)
    {
        if (Array.IndexOf(known, effort) >= 0)
            return effort;
        var rank = Array.IndexOf(All, effort);
        if (rank < 0)
            return effort; // a word of the provider's own
        foreach (var word in known)
        {
            if (word != "none" && Array.IndexOf(All, word) > rank)
                return word;
        }

        return known[^1];
    }
}
