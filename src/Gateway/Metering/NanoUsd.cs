using System.Globalization;

namespace Gateway.Metering;

/// <summary>Money for people: nano-dollars as a decimal number of dollars.</summary>
internal static class NanoUsd
{
    /// <summary>Dollars with as many decimals as there are, at least one digit before the point: <c>0.000125</c>, <c>3</c>.</summary>
    public static string Format(long nanos)
    {
        // By hand: every reply carries a cost, and formatting a decimal by a custom pattern takes several times as long.
        Span<char> text = stackalloc char[32];
        var magnitude = nanos < 0 ? (ulong)-(nanos + 1) + 1 : (ulong)nanos;
        var (dollars, rest) = Math.DivRem(magnitude, 1_000_000_000UL);
        var length = 0;
        if (nanos < 0)
            text[length++] = '-';
        dollars.TryFormat(text[length..], out var written, provider: CultureInfo.InvariantCulture);
        length += written;
        if (rest != 0)
        {
            // All nine digits, with a one before them where the point belongs: a format for leading zeros would have to be read each time.
            (rest + 1_000_000_000UL).TryFormat(text[length..], out written, provider: CultureInfo.InvariantCulture);
            text[length] = '.';
            length += written;
            while (text[length - 1] == '0')
                length--;
        }

        return new string(text[..length]);
    }
}
