namespace Gateway.Admission.Roles;

/// <summary>Compares globs (<c>*</c> any characters, <c>?</c> one) without expanding them.</summary>
internal static class Globs
{
    /// <summary>Whether everything that <paramref name="inner"/> matches is matched by <paramref name="outer"/>. May say no where the answer is yes, never yes where it is no.</summary>
    public static bool Contains(string outer, string inner)
    {
        // The usual matching with one way back, over the inner glob's characters: what stands for any text only matches a star.
        var (o, i, star, back) = (0, 0, -1, 0);
        while (i < inner.Length)
        {
            if (o < outer.Length && outer[o] == '*')
                (star, back) = (o++, i);
            else if (o < outer.Length && (outer[o] == inner[i] ? inner[i] != '*' : outer[o] == '?' && inner[i] != '*'))
                (o, i) = (o + 1, i + 1);
            else if (star >= 0)
                (o, i) = (star + 1, ++back);
            else
                return false;
        }

        return outer.AsSpan(o).Trim('*').IsEmpty;
    }

    /// <summary>Whether one of the globs contains another glob.</summary>
    public static bool AnyContains(IReadOnlyList<string> outer, string inner)
    {
        foreach (var glob in outer)
        {
            if (Contains(glob, inner))
                return true;
        }

        return false;
    }
}
