namespace Gateway.Routing.Rules.Language;

/// <summary>Compares claims. Each answer of yes is right; no also means that it can't be shown simply.</summary>
internal static class ClaimLogic
{
    private const int MostSteps = 20_000;

    /// <summary>Whether whatever meets one claim meets another.</summary>
    public static bool Implies(Claim claim, Claim other)
    {
        var steps = MostSteps;
        return Implies(claim, other, ref steps);
    }

    /// <summary>Whether nothing can meet a claim.</summary>
    public static bool IsImpossible(Claim claim) => claim.Kind switch
    {
        ClaimKind.Any => claim.Parts.All(IsImpossible),
        ClaimKind.All => claim.Parts.Any(IsImpossible) || HasContradiction(claim.Parts),
        _ => claim.Range is { } range && range.IsApartFrom(range),
    };

    private static bool Implies(Claim claim, Claim other, ref int steps)
    {
        if (claim.Text == other.Text)
            return true;
        if (--steps <= 0)
            return false;
        if (other.Kind == ClaimKind.All)
        {
            foreach (var part in other.Parts)
            {
                if (!Implies(claim, part, ref steps))
                    return false;
            }

            return true;
        }

        if (claim.Kind == ClaimKind.Any)
        {
            foreach (var part in claim.Parts)
            {
                if (!Implies(part, other, ref steps))
                    return false;
            }

            return true;
        }

        foreach (var part in other.Parts)
        {
            if (Implies(claim, part, ref steps))
                return true;
        }

        foreach (var part in claim.Parts)
        {
            if (Implies(part, other, ref steps))
                return true;
        }

        return claim.Kind == ClaimKind.Atom && other.Kind == ClaimKind.Atom && AtomImplies(claim, other);
    }

    private static bool AtomImplies(Claim claim, Claim other)
    {
        if (claim.Subject is null || claim.Subject != other.Subject)
            return false;
        if (claim.Range is { } range && other.Range is { } wider)
            return range.IsWithin(wider);
        if (claim.OneOf is { } texts && other.Accepts is { } accepts)
            return texts.All(accepts);
        return claim.Prefix is { } prefix && other.Prefix is { } shorter && prefix.StartsWith(shorter, StringComparison.Ordinal);
    }

    private static bool HasContradiction(IReadOnlyList<Claim> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            for (var j = i + 1; j < parts.Count; j++)
            {
                if (Contradict(parts[i], parts[j]))
                    return true;
            }
        }

        return false;
    }

    private static bool Contradict(Claim a, Claim b)
    {
        if (a.Text == Claim.Opposite(b.Text))
            return true;
        if (a.Subject is null || a.Subject != b.Subject)
            return false;
        if (a.Range is { } range && b.Range is { } other)
            return range.IsApartFrom(other);
        if (a.OneOf is { } texts && b.Accepts is { } accepts)
            return !texts.Any(accepts);
        if (b.OneOf is { } others && a.Accepts is { } takes)
            return !others.Any(takes);
        return a.Prefix is { } x && b.Prefix is { } y && !x.StartsWith(y, StringComparison.Ordinal) && !y.StartsWith(x, StringComparison.Ordinal);
    }
}
