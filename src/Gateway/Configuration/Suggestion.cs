namespace Gateway.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean "x"?</c>, or an empty string when nothing known is near.</summary>
    public static string For(string written, IEnumerable<string> known)
    {
        var limit = Math.Max(1, written.Length / 3);
        string? best = null;
        foreach (var name in known)
        {
            var distance = Distance(written, name, limit);
            if (distance > limit) continue;
            (best, limit) = (name, distance - 1);
            if (limit < 0) break;
        }

        return best is null ? "" : $"; did you mean \"{best}\"?";
    }

    // Optimal string alignment, case-insensitive: inserted, deleted, replaced and swapped characters each count one.
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit || a.Length > 100) return int.MaxValue;
        int[] beforeLast = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
