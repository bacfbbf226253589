using Gateway.Dialects;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public class TokenUsageTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(int.MaxValue, true)]
    [InlineData(int.MaxValue + 1L, false)]
    [InlineData(long.MaxValue, false)]
    [InlineData(-1, false)]
    public void Believed_CountsThatNoReplyHas_AreAsIfNothingHadBeenSaid(long count, bool isPossible)
    {
        foreach (var said in (TokenUsage[])[new(count, 1), new(1, count), new(1, 1, count), new(1, 1, 1, count), new(1, 1, Reasoning: count), new(1, 1, AudioInput: count), new(1, 1, AudioOutput: count), new(1, 1, SearchUnits: count)])
            Assert.Equal(isPossible ? said : null, new ReplyFacts { Usage = said }.Usage);
        Assert.Equal(isPossible ? count : null, new ReplyFacts { SearchUnits = count }.SearchUnits);
    }
}
