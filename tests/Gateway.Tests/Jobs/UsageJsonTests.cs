using Gateway.Metering;
using Gateway.Tests.Metering;

namespace Gateway.Tests.Jobs;

public class UsageJsonTests
{
    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame()
    {
        LedgerEntry[] entries = [Samples.Entry(3) with { Replica = "a", Sequence = 3 }, Samples.Full() with { Replica = "a", Sequence = 4 }];
        var read = UsageJson.TryRead(UsageJson.Write("a", entries).Json.Span);
        Assert.NotNull(read);
        Assert.Equal(("a", 3, 4), (read.Replica, read.First, read.Last));
        Assert.Equal(entries, read.Entries);
    }

    [Fact]
    public void Write_ManyOrLargeEntries_StaysWithinItsBounds()
    {
        var many = Enumerable.Range(1, 700).Select(i => Samples.Entry(i) with { Sequence = i }).ToList();
        Assert.Equal(UsageBatch.MaxEntries, UsageJson.Write("a", many).Batch.Entries.Count);
        var wide = new string('\u0001', 1_024);
        var large = many.ConvertAll(entry => entry with
        {
            RequestId = wide, KeyId = wide, CustomerId = wide, TeamId = wide, UserId = wide, Operation = wide, RequestedModel = wide,
            TargetModel = wide, ResponseModel = wide, Provider = wide, ResponseId = wide, PriceVersion = wide, ErrorCode = wide, FinishReason = wide,
            ProviderKey = wide, Route = wide, Rule = wide, Arm = wide,
            AttemptList = new AttemptList([.. Enumerable.Repeat(new AttemptEntry { Provider = "p", Model = wide[..256], Reason = "retry", Outcome = "failed", ErrorCode = wide[..256] }, 6)]),
        });
        var (json, batch) = UsageJson.Write("a", large);
        Assert.InRange(json.Length, 1, UsageBatch.MaxBytes);
        Assert.InRange(batch.Entries.Count, 1, 10);
        Assert.Equal(batch.Entries.Count, batch.Last);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"replica":"a","first":1,"last":2}""")]
    [InlineData("""{"replica":"","first":1,"last":2,"entries":[]}""")]
    [InlineData("""{"replica":"a","first":0,"last":2,"entries":[]}""")]
    [InlineData("""{"replica":"a","first":3,"last":2,"entries":[]}""")]
    [InlineData("""{"replica":"a","first":1,"last":2,"entries":[{"sequence":1}]}""")]
    [InlineData("""{"replica":"a","first":1,"last":1,"entries":[null]}""")]
    public void TryRead_WhatIsNone_IsNull(string json) => Assert.Null(UsageJson.TryRead(System.Text.Encoding.UTF8.GetBytes(json)));
}
