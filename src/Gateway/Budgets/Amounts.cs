namespace Gateway.Budgets;

/// <summary>Arithmetic with amounts, which are never negative and stop at the greatest instead of wrapping around.</summary>
internal static class Amounts
{
    /// <summary>a + b, at most <see cref="long.MaxValue"/>. Both ≥ 0.</summary>
    public static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>a · factor, at most <see cref="long.MaxValue"/>. Both ≥ 0.</summary>
    public static long Multiply(long a, double factor)
    {
        var product = a * factor;
        return product >= long.MaxValue ? long.MaxValue : (long)product;
    }
}
