using System.Text.Json;

namespace Gateway.Providers.Catalogue;

/// <summary>Reads prices as people publish them into the integers the gateway counts with.</summary>
internal static class MoneyText
{
    private const decimal NanosPerDollar = 1_000_000_000m;

    /// <summary>USD (per whatever unit) to nano-dollars, exactly.</summary>
    /// <exception cref="FormatException">The amount is negative, finer than a nano-dollar or beyond the range of a long.</exception>
    public static long ToNanoUsd(decimal usd)
    {
        // More than this overflows a long, and checking first also keeps the multiplication below inside decimal's range.
        if (usd is < 0 or > 9_000_000_000m)
            throw new FormatException($"A price of {usd} USD is out of range (0 to 9,000,000,000).");
        var nanos = usd * NanosPerDollar;
        if (nanos != decimal.Truncate(nanos))
            throw new FormatException($"A price of {usd} USD is finer than a nano-dollar.");
        return (long)nanos;
    }

    /// <summary>Reads the current JSON number without a detour through binary floating point.</summary>
    public static long ReadNanoUsd(ref Utf8JsonReader reader) => ToNanoUsd(reader.GetDecimal());
}
