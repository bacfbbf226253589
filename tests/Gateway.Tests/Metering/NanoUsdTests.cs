using System.Globalization;
using CsCheck;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public class NanoUsdTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(125_000, "0.000125")]
    [InlineData(3_000_000_000, "3")]
    [InlineData(-1, "-0.000000001")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void Format_Amount_HasAsManyDecimalsAsThereAre(long nanos, string text) => Assert.Equal(text, NanoUsd.Format(nanos));

    [Fact]
    public void Format_AnyAmount_IsItsDecimal() =>
        Gen.OneOf(Gen.Long, Gen.Long[-2_000_000_000, 2_000_000_000]).Sample(
            nanos => NanoUsd.Format(nanos) == (nanos / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture), iter: 10_000);
}
