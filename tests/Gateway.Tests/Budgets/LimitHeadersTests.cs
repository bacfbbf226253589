using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class LimitHeadersTests
{
    [Theory]
    [InlineData(-5, "0ms")]
    [InlineData(0, "0ms")]
    [InlineData(16.2, "17ms")]
    [InlineData(999, "999ms")]
    [InlineData(999.1, "1s")]
    [InlineData(1_500, "1.5s")]
    [InlineData(1_050, "1.05s")]
    [InlineData(17_003, "17.003s")]
    [InlineData(59_999.5, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(7_383_001, "2h3m4s")]
    public void Duration_OfAnyLength_IsWrittenAsOpenAiDoes(double milliseconds, string text) =>
        Assert.Equal(text, LimitHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
