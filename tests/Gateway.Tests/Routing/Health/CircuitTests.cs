using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;

namespace Gateway.Tests.Routing.Health;

public class CircuitTests
{
    private readonly TargetRig _rig = new();

    [Fact]
    public void Failures_ThreeInARow_OpenIt()
    {
        _rig.FailTimes(2);
        Assert.Null(_rig.Obstacle);
        _rig.FailTimes(1);
        Assert.Equal((SkipReason.CircuitOpen, CircuitPhase.Open, CircuitCause.Consecutive), (_rig.Obstacle, _rig.Circuit.Phase, _rig.Circuit.Cause));
        Assert.Equal(SkipReason.CircuitOpen, _rig.State.TryEnter());
        Assert.Equal(("provider_error", 0), (_rig.State.LastError, _rig.State.InFlight));
    }

    [Fact]
    public void Failures_WithASuccessBetween_LeaveItClosed()
    {
        for (var i = 0; i < 5; i++)
        {
            _rig.FailTimes(2);
            _rig.Succeed(_rig.Enter());
            _rig.Time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.Null(_rig.Obstacle);
    }

    public static TheoryData<string, int?> Blameless => new()
    {
        { ErrorKinds.UpstreamBadRequest.Code, 400 },
        { ErrorKinds.ContentFilter.Code, 400 },
        { ErrorKinds.ContextLength.Code, 400 },
        { ErrorKinds.UpstreamAuthentication.Code, 401 },
        { ErrorKinds.UpstreamAuthentication.Code, null },
        { ErrorKinds.UpstreamQuota.Code, 402 },
        { ErrorKinds.UpstreamRateLimit.Code, 429 },
        { ErrorKinds.UpstreamModelNotFound.Code, 404 },
        { ErrorKinds.BodyTooLarge.Code, null },
    };

    [Theory]
    [MemberData(nameof(Blameless))]
    public void Errors_TheTargetIsNotToBlameFor_LeaveItClosed(string code, int? status)
    {
        for (var i = 0; i < 30; i++)
            _rig.Fail(_rig.Enter(), KindOf(code), status);
        for (var i = 0; i < 30; i++)
            _rig.Abort(_rig.Enter());
        Assert.Equal((null, 0L), (_rig.Obstacle, _rig.Circuit.Trips));
    }

    public static TheoryData<string> Blamed =>
    [
        ErrorKinds.UpstreamFailed.Code, ErrorKinds.UpstreamOverloaded.Code, ErrorKinds.UpstreamTimeout.Code, ErrorKinds.UpstreamUnreachable.Code, ErrorKinds.UpstreamMalformed.Code,
        ErrorKinds.FirstTokenTimeout.Code, ErrorKinds.StreamCut.Code, ErrorKinds.StreamStalled.Code, ErrorKinds.StreamMalformed.Code,
    ];

    [Theory]
    [MemberData(nameof(Blamed))]
    public void Errors_TheTargetIsToBlameFor_OpenIt(string code)
    {
        _rig.FailTimes(3, KindOf(code));
        Assert.Equal(SkipReason.CircuitOpen, _rig.Obstacle);
    }

    [Fact]
    public void TotalTimeout_CountsOnlyForATargetThatHadMostOfIt()
    {
        for (var i = 0; i < 5; i++)
            _rig.Fail(_rig.Enter(), ErrorKinds.TotalTimeout);
        Assert.Null(_rig.Obstacle);
        List<Attempt> silent = [_rig.Enter(), _rig.Enter(), _rig.Enter()];
        _rig.Time.Advance(_rig.Target.Provider.Timeouts.Total);
        foreach (var attempt in silent)
            _rig.Fail(attempt, ErrorKinds.TotalTimeout);
        Assert.Equal(SkipReason.CircuitOpen, _rig.Obstacle);
    }

    [Fact]
    public void Failures_AFifthOfManyCalls_LeaveItClosed()
    {
        var random = new Random(5);
        for (var i = 0; i < 50_000; i++)
        {
            var attempt = _rig.Enter();
            _rig.Time.Advance(TimeSpan.FromMilliseconds(2));
            if (random.NextDouble() < 0.2)
                _rig.Fail(attempt);
            else
                _rig.Succeed(attempt);
        }

        Assert.Equal(0, _rig.Circuit.Trips);
    }

    [Fact]
    public void Streams_CutAfterTheirFirstContent_OpenItByTheirShare()
    {
        for (var i = 0; i < Circuit.LeastCalls; i++)
        {
            Assert.Null(_rig.Obstacle);
            var attempt = _rig.Enter();
            _rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            attempt.FirstContentAt = _rig.Time.GetTimestamp();
            _rig.State.Answered(TimeSpan.FromMilliseconds(100));
            _rig.Fail(attempt, ErrorKinds.StreamCut);
        }

        Assert.Equal((SkipReason.CircuitOpen, CircuitCause.Ratio), (_rig.Obstacle, _rig.Circuit.Cause));
    }

    [Fact]
    public void Trial_WhenDue_IsGivenToOneOnly()
    {
        _rig.FailTimes(3);
        Assert.Equal(SkipReason.CircuitOpen, _rig.State.Obstacle(_rig.Time.GetTimestamp(), out var wait));
        Assert.Equal(Circuit.FirstWait, wait);
        _rig.Time.Advance(wait);
        Assert.Null(_rig.Obstacle);
        var trial = _rig.Enter();
        Assert.Equal((SkipReason.TrialUnderWay, SkipReason.TrialUnderWay, 1), (_rig.Obstacle, _rig.State.TryEnter(), _rig.State.InFlight));
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.State.Answered(TimeSpan.FromSeconds(1)); // its first content: the stream goes on for long
        Assert.Equal((null, CircuitPhase.Closed), (_rig.Obstacle, _rig.Circuit.Phase));
        _rig.Succeed(_rig.Enter());
        trial.FirstContentAt = 1;
        trial.Outcome = LedgerOutcome.Completed;
        _rig.State.Leave(trial);
        Assert.Equal(0, _rig.State.InFlight);
    }

    [Fact]
    public void Trials_ThatFail_GrowRarerButNeverRarerThanTheLimit()
    {
        _rig.FailTimes(3);
        List<double> waits = [];
        for (var i = 0; i < 6; i++)
        {
            _rig.State.Obstacle(_rig.Time.GetTimestamp(), out var wait);
            waits.Add(wait.TotalSeconds);
            _rig.Time.Advance(wait);
            _rig.Fail(_rig.Enter());
        }

        Assert.Equal([2, 4, 8, 15, 15, 15], waits);
    }

    [Fact]
    public void Trial_OfAClientThatLeaves_IsFreeForTheNext()
    {
        _rig.FailTimes(3);
        _rig.Time.Advance(Circuit.FirstWait);
        _rig.Abort(_rig.Enter());
        _rig.Succeed(_rig.Enter());
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
    }

    [Fact]
    public void Trial_ThatIsRefusedForWhatItSays_ShowsThatTheTargetLives()
    {
        _rig.FailTimes(3);
        _rig.Time.Advance(Circuit.FirstWait);
        _rig.Fail(_rig.Enter(), ErrorKinds.UpstreamBadRequest, 400);
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
    }

    [Fact]
    public void Trial_ThatHangs_StandsInNobodysWayForLong()
    {
        _rig.FailTimes(3);
        _rig.Time.Advance(Circuit.FirstWait);
        var hung = _rig.Enter();
        _rig.Time.Advance(Circuit.TrialLimit);
        var next = _rig.Enter();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Fail(hung, ErrorKinds.FirstTokenTimeout); // it is not what is judged by any more
        Assert.Equal(SkipReason.TrialUnderWay, _rig.Obstacle);
        _rig.Succeed(next);
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
    }

    [Fact]
    public void Calls_FromBeforeItOpened_SayNothingOfItAfterwards()
    {
        List<Attempt> early = [.. Enumerable.Range(0, 5).Select(_ => _rig.Enter())];
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.FailTimes(3);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Succeed(early[0]);
        Assert.Equal(CircuitPhase.Open, _rig.Circuit.Phase);
        _rig.Time.Advance(Circuit.FirstWait);
        _rig.Succeed(_rig.Enter());
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
        foreach (var attempt in early[1..])
            _rig.Fail(attempt);
        Assert.Equal((CircuitPhase.Closed, 1L), (_rig.Circuit.Phase, _rig.Circuit.Trips));
    }

    [Fact]
    public void Failure_SoonAfterAGoodTrial_OpensItAtOnceAndForLonger()
    {
        _rig.FailTimes(3);
        _rig.Time.Advance(Circuit.FirstWait);
        var trial = _rig.Enter();
        _rig.State.Answered(TimeSpan.Zero);
        trial.FirstContentAt = 1;
        _rig.Time.Advance(TimeSpan.FromSeconds(5));
        _rig.Fail(trial, ErrorKinds.StreamCut);
        _rig.State.Obstacle(_rig.Time.GetTimestamp(), out var wait);
        Assert.Equal((CircuitCause.Relapse, TimeSpan.FromSeconds(4)), (_rig.Circuit.Cause, wait));
    }

    [Fact]
    public async Task Insisting_WithNowhereElseToGo_TriesBeforeATrialIsDue()
    {
        _rig.FailTimes(3);
        Assert.Equal(SkipReason.CircuitOpen, await _rig.State.InsistAsync(TimeSpan.FromSeconds(1), default));
        _rig.Time.Advance(Circuit.ShortestWait);
        Assert.Null(await _rig.State.InsistAsync(TimeSpan.FromSeconds(1), default));
        Assert.Equal(SkipReason.TrialUnderWay, await _rig.State.InsistAsync(TimeSpan.FromSeconds(1), default));
        _rig.Succeed(_rig.Begin());
        Assert.Null(_rig.Obstacle);
    }

    [Fact]
    public void Suspicion_OfOthers_OpensItAtTheFirstFailure()
    {
        _rig.State.Suspect(TimeSpan.FromSeconds(10));
        Assert.Null(_rig.Obstacle);
        _rig.FailTimes(1);
        Assert.Equal((SkipReason.CircuitOpen, CircuitCause.Suspected), (_rig.Obstacle, _rig.Circuit.Cause));
        var later = new TargetRig("later");
        later.State.Suspect(TimeSpan.FromSeconds(10));
        later.Time.Advance(TimeSpan.FromSeconds(11));
        later.FailTimes(2);
        Assert.Null(later.Obstacle);
    }

    [Fact]
    public void Expedite_AfterAProbeThatAnswered_MakesATrialDue()
    {
        _rig.FailTimes(3);
        _rig.Circuit.Expedite(_rig.Time.GetTimestamp());
        _rig.State.Obstacle(_rig.Time.GetTimestamp(), out var wait);
        Assert.Equal(Circuit.ShortestWait, wait);
    }

    private static ErrorKind KindOf(string code) =>
        typeof(ErrorKinds).GetFields().Select(f => f.GetValue(null)).OfType<ErrorKind>().Single(k => k.Code == code);
}
