namespace Gateway.Metering;

/// <summary>Money for people: nano-dollars as a decimal number of dollars.</summary>
internal static class NanoUsd
{
    /// <summary>Dollars with as many decimals as there are, at least one digit before the point: <c>0.000125</c>, <c>3</c>.</summary>
    public static string Format(long nanos)
    {
        // By hand, from the end: every reply carries a cost, and formatting a decimal by a custom pattern takes several times as long.
        Span<char> text = stackalloc char[32];
        var start = text.Length;
        var magnitude = nanos < 0 ? (ulong)-(nanos + 1) + 1 : (ulong)nanos;
        var (dollars, rest) = Math.DivRem(magnitude, 1_000_000_000UL);
        if (rest != 0)
        {
            var decimals = 9;
            for (; rest % 10 == 0; rest /= 10)
                decimals--;
            for (; decimals > 0; decimals--, rest /= 10)
                text[--start] = (char)('0' + (rest % 10));
            text[--start] = '.';
        }

        do
        {
            text[--start] = (char)('0' + (dollars % 10));
            dollars /= 10;
        }
        while (dollars != 0);
        if (nanos < 0)
            text[--start] = '-';
        return new string(text[start..]);
    }
}
