using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing.Attempts;
using Gateway.Tests.Routing.Decisions;

namespace Gateway.Tests.Metering;

public class AttemptMeterTests
{
    private const string Text = "The quick brown fox jumps over the lazy dog, and then it sleeps for the rest of the afternoon.";

    private static readonly TokenEstimator Estimator = new();
    private static readonly GatewayError Overloaded = new(ErrorKinds.UpstreamOverloaded, "x") { UpstreamStatus = 503 };
    private static readonly GatewayError Cut = new(ErrorKinds.StreamCut, "x");

    [Fact]
    public void Sum_OneThatAnswered_HasNoListAndItsPrice()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 40, a => Answer(request, a, new TokenUsage(100, 20)));
        var totals = Sum(request);
        Assert.Null(totals.List);
        Assert.Equal((new TokenUsage(100, 20), 300_000L, "a:1", false, 0L), (totals.Usage, totals.CostNanoUsd, totals.PriceVersion, totals.Estimated, totals.WastedNanoUsd));
        Assert.Equal("two", EntryRouting.ProviderKeyOf(totals.Answered));
        Assert.Equal("fast", EntryRouting.RouteOf(request.Context));
    }

    [Fact]
    public void RouteOf_AModelOfAProvider_IsNone()
    {
        using var request = new AttemptedRequest(isNamed: false);
        Assert.Null(EntryRouting.RouteOf(request.Context));
    }

    [Fact]
    public void Sum_FailedThenRetriedThenAnotherAnswers_BillsTheLastAlone()
    {
        using var request = new AttemptedRequest();
        var usage = new TokenUsage(100, 20);
        request.Call(request.A, AttemptReason.First, 10, a => (a.Error, a.Reply.Usage) = (Overloaded, usage));
        request.Call(request.A, AttemptReason.Retry, 20, a => a.Error = Overloaded);
        request.Call(request.B, AttemptReason.Fallback, 40, a => Answer(request, a, usage));
        var totals = Sum(request);
        Assert.Equal((usage, 600_000L, "b:1", 0L), (totals.Usage, totals.CostNanoUsd, totals.PriceVersion, totals.WastedNanoUsd));
        Assert.Equal(
            [
                Failed() with { StartMicros = 0, DurationMicros = 10_000 },
                Failed() with { Reason = "retry", StartMicros = 10_000, DurationMicros = 20_000, PauseMicros = 250_000 },
                new AttemptEntry { Provider = "b", Model = "n", Key = "two", Reason = "fallback", Outcome = "completed", Status = 200, StartMicros = 30_000, DurationMicros = 40_000, Usage = usage, CostNanoUsd = 600_000, PriceVersion = "b:1" },
            ],
            totals.List!.List);
    }

    [Fact]
    public void Sum_OneThatFailed_IsToldWithTheProvidersStatus()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => request.Context.Error = a.Error = Overloaded);
        var totals = Sum(request);
        Assert.Equal((default(TokenUsage), 0L, "a"), (totals.Usage, totals.CostNanoUsd, totals.Answered!.Target.Provider.Id));
        Assert.Equal([Failed() with { DurationMicros = 10_000 }], totals.List!.List);
    }

    [Fact]
    public void Sum_AnswerThatWasResumed_IsEachAttemptAtItsOwnPrice()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => Break(request, a));
        request.Call(request.B, AttemptReason.Resume, 40, a =>
        {
            request.Deliver(a, "And so on.");
            Answer(request, a, new TokenUsage(130, 5));
        });
        var totals = Sum(request);
        var broken = totals.List!.List[0];
        Assert.Equal(("interrupted", 200, "stream_interrupted", true), (broken.Outcome, broken.Status, broken.ErrorCode, broken.Estimated));
        Assert.InRange(broken.Usage.Output, 15, 30);
        Assert.Equal(CostCalculator.Cost(request.A.Price!, broken.Usage), broken.CostNanoUsd);
        Assert.Equal((360_000, false), (totals.List.List[1].CostNanoUsd, totals.List.List[1].Estimated));
        Assert.Equal(broken.Usage + new TokenUsage(130, 5), totals.Usage);
        Assert.Equal(broken.CostNanoUsd + 360_000, totals.CostNanoUsd);
        Assert.Equal(("b", "b:1", true, 0L), (totals.Answered!.Target.Provider.Id, totals.PriceVersion, totals.Estimated, totals.WastedNanoUsd));
    }

    [Fact]
    public void Sum_ResumedWithoutUsageSaid_CountsWhatItWasTold()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => Break(request, a));
        request.Call(request.B, AttemptReason.Resume, 40, a =>
        {
            request.Deliver(a, "And so on.");
            Answer(request, a, null);
        });
        var list = Sum(request).List!.List;
        Assert.Equal(list[0].Usage.Input + list[0].Usage.Output, list[1].Usage.Input);
        Assert.InRange(list[1].Usage.Output, 3, 5);
    }

    [Fact]
    public void Sum_ResumeThatFails_LeavesTheModelThatAnswered()
    {
        using var request = new AttemptedRequest();
        var broken = request.Call(request.A, AttemptReason.First, 10, a => Break(request, a));
        var failed = request.Call(request.B, AttemptReason.Resume, 40, a => a.Error = Overloaded);
        foreach (var kept in new[] { failed, broken })
        {
            request.Context.Keep(kept);
            request.Context.Outcome = LedgerOutcome.Interrupted;
            var totals = Sum(request);
            Assert.Same(broken, totals.Answered);
            Assert.Equal((0L, 0L), (totals.List!.List[1].CostNanoUsd, totals.WastedNanoUsd));
            Assert.True(totals.CostNanoUsd > 0);
        }
    }

    [Fact]
    public void Sum_HedgeThatLost_IsTheOperatorsWhereItHadBegunToAnswer()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => a.Tap = new TextTap(Text));
        var winner = request.Call(request.B, AttemptReason.Hedge, 40, a =>
        {
            request.Deliver(a, "Fine.");
            Answer(request, a, new TokenUsage(100, 20));
        });
        request.Context.Keep(winner);
        var totals = Sum(request);
        var loser = totals.List!.List[0];
        Assert.Equal(("superseded", true, 0L), (loser.Outcome, loser.Estimated, loser.CostNanoUsd));
        Assert.Equal(CostCalculator.Cost(request.A.Price!, loser.Usage), loser.WastedNanoUsd);
        Assert.Equal((loser.WastedNanoUsd, 600_000L, new TokenUsage(100, 20), false), (totals.WastedNanoUsd, totals.CostNanoUsd, totals.Usage, totals.Estimated));
        Assert.True(totals.WastedNanoUsd > 0);
    }

    [Fact]
    public void Sum_HedgeThatLostInSilence_CostsNobody()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => a.Outcome = LedgerOutcome.Aborted);
        request.Context.Keep(request.Call(request.B, AttemptReason.Hedge, 40, a => Answer(request, a, new TokenUsage(100, 20))));
        var totals = Sum(request);
        Assert.Equal(("superseded", 0L, default(TokenUsage)), (totals.List!.List[0].Outcome, totals.WastedNanoUsd, totals.List.List[0].Usage));
    }

    [Fact]
    public void Sum_ClientLeavesInAPauseAfterAFailure_IsNotBilled()
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a => request.Context.Error = a.Error = Overloaded);
        request.Context.Outcome = LedgerOutcome.Aborted;
        Assert.Equal((default(TokenUsage), 0L), (Sum(request).Usage, Sum(request).CostNanoUsd));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("stop", false)]
    public void Sum_BrokenAfterUsageWasSaid_IsCountedUnlessThatWasTheEnd(string? finish, bool counted)
    {
        using var request = new AttemptedRequest();
        request.Call(request.A, AttemptReason.First, 10, a =>
        {
            Break(request, a);
            (a.Reply.Usage, a.Reply.FinishReason) = (new TokenUsage(50, 1, CacheRead: 30), finish);
        });
        var totals = Sum(request);
        Assert.Equal((50, 30, counted), (totals.Usage.Input, totals.Usage.CacheRead, totals.Estimated));
        Assert.Equal(counted, totals.Usage.Output > 10);
    }

    private static AttemptTotals Sum(AttemptedRequest request) => new AttemptMeter(Estimator).Sum(request.Context);

    private static AttemptEntry Failed() => new() { Provider = "a", Model = "m", Key = "two", Reason = "first", Outcome = "failed", Status = 503, ErrorCode = "provider_overloaded" };

    private static void Answer(AttemptedRequest request, Attempt attempt, TokenUsage? usage) =>
        (attempt.Outcome, attempt.Reply.Usage, attempt.Reply.FinishReason, request.Context.Outcome) = (LedgerOutcome.Completed, usage, "stop", LedgerOutcome.Completed);

    private static void Break(AttemptedRequest request, Attempt attempt)
    {
        request.Deliver(attempt, Text);
        using var accepted = new HttpResponseMessage();
        attempt.Observe(accepted);
        (attempt.Outcome, attempt.Error, request.Context.Outcome) = (LedgerOutcome.Interrupted, Cut, LedgerOutcome.Interrupted);
    }
}
