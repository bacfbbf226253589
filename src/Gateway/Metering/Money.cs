using System.Globalization;

namespace Gateway.Metering;

/// <summary>Nano-dollars as text.</summary>
internal static class Money
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long NanoPerUsd = 1_000_000_000;

    /// <summary>Dollars with nine decimals and no more zeros than needed: exact, never in scientific notation.</summary>
    public static string ToUsd(long nanoUsd) =>
        (nanoUsd / (decimal)NanoPerUsd).ToString("0.#########", CultureInfo.InvariantCulture);
}
