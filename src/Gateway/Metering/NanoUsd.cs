using System.Globalization;

namespace Gateway.Metering;

/// <summary>Money for people: nano-dollars as a decimal number of dollars.</summary>
internal static class NanoUsd
{
    /// <summary>Dollars with as many decimals as there are, at least one digit before the point: <c>0.000125</c>, <c>3</c>.</summary>
    public static string Format(long nanos) => (nanos / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture);
}
