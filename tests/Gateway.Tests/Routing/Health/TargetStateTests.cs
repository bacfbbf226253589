using Gateway.Errors;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;

namespace Gateway.Tests.Routing.Health;

public class TargetStateTests
{
    private readonly TargetRig _rig = new();

    [Fact]
    public void CoolDown_SaidByTheTarget_OnlyEverGrowsUpToALimit()
    {
        _rig.Fail(_rig.Enter(), ErrorKinds.UpstreamRateLimit, 429, TimeSpan.FromSeconds(30));
        _rig.Fail(_rig.Enter(), ErrorKinds.UpstreamRateLimit, 429, TimeSpan.FromSeconds(5));
        Assert.Equal(SkipReason.CoolingDown, _rig.State.Obstacle(_rig.Time.GetTimestamp(), out var wait));
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
        _rig.State.CoolDown(TimeSpan.FromHours(2));
        Assert.Equal(TargetState.LongestCoolDown, _rig.State.CoolsFor(_rig.Time.GetTimestamp()));
        _rig.Time.Advance(TargetState.LongestCoolDown);
        Assert.Null(_rig.Obstacle);
    }

    [Fact]
    public void Retries_OfAFewCalls_AreTheFloor()
    {
        for (var i = 0; i < RetryBudget.Floor; i++)
            Assert.True(_rig.State.TryTakeRetry());
        Assert.False(_rig.State.TryTakeRetry());
        _rig.Time.Advance(CallWindow.Span);
        Assert.True(_rig.State.TryTakeRetry());
    }

    [Fact]
    public void Retries_OfManyCalls_AreAFifthOfThem()
    {
        for (var i = 0; i < 500; i++)
            _rig.Succeed(_rig.Enter());
        var taken = 0;
        while (_rig.State.TryTakeRetry())
            taken++;
        Assert.Equal(RetryBudget.Floor + 100, taken);
    }

    [Fact]
    public async Task Places_ThatTheOperatorSet_AreKept()
    {
        _rig.State.MaxConcurrency = 2;
        var (first, second) = (_rig.Enter(), _rig.Enter());
        Assert.Equal((SkipReason.Full, SkipReason.Full, 2), (_rig.Obstacle, _rig.State.TryEnter(), _rig.State.InFlight));
        var waiting = _rig.State.InsistAsync(TimeSpan.FromSeconds(5), default).AsTask();
        var late = _rig.State.InsistAsync(TimeSpan.FromSeconds(5), default).AsTask();
        Assert.Equal(2, _rig.State.Gate!.Waiting);
        _rig.Succeed(first);
        Assert.Null(await waiting);
        Assert.False(late.IsCompleted);
        _rig.Time.Advance(TargetState.LongestWait);
        Assert.Equal(SkipReason.Full, await late);
        _rig.Succeed(second);
        _rig.Succeed(_rig.Begin());
        Assert.Equal((0, 0), (_rig.State.InFlight, _rig.State.Gate.Waiting));
        Assert.Null(_rig.Obstacle);
    }

    [Fact]
    public async Task Places_WhenTheLineIsLong_AreRefusedAtOnce()
    {
        _rig.State.MaxConcurrency = 1;
        var only = _rig.Enter();
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Gate.MostWaiting).Select(_ => _rig.State.InsistAsync(TimeSpan.FromSeconds(1), gone.Token).AsTask()).ToList();
        Assert.Equal(SkipReason.Full, await _rig.State.InsistAsync(TimeSpan.FromSeconds(1), default));
        await gone.CancelAsync();
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal(SkipReason.Full, r));
        _rig.Succeed(only);
        Assert.Equal((0, 0), (_rig.State.InFlight, _rig.State.Gate!.Waiting));
    }

    [Fact]
    public void Places_OfAProvider_AreSharedByItsTargets()
    {
        var states = new TargetStates(_rig.Time, static () => 1);
        var (a, b) = (new TargetRig("a", states, _rig.Time), new TargetRig("b", states, _rig.Time));
        states.Limit([new RouteSnapshot { Name = "r", Groups = [TargetGroup.InOrder(TargetRig.TargetOf("a", a.State, ofProvider: 2), TargetRig.TargetOf("b", b.State, maxConcurrency: 1, ofProvider: 2))], Timeouts = a.Target.Provider.Timeouts }]);
        Assert.Equal(1, b.State.MaxConcurrency);
        var (first, second) = (a.Enter(), a.Enter());
        Assert.Equal((SkipReason.Full, SkipReason.Full, 0), (b.Obstacle, b.State.TryEnter(), b.State.InFlight));
        a.Succeed(first);
        var other = b.Enter();
        Assert.Equal(SkipReason.Full, b.State.TryEnter());
        b.Succeed(other);
        a.Succeed(second);
        states.Limit([]);
        Assert.Null(b.State.MaxConcurrency);
    }

    [Fact]
    public async Task Places_UnderManyCallers_AreNeverOvertaken()
    {
        var gate = new Gate(TimeProvider.System, adaptive: null) { Fixed = 5 };
        var (inside, most, served) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (!await gate.EnterAsync(TimeSpan.FromSeconds(20), default))
                    continue;
                var now = Interlocked.Increment(ref inside);
                for (var seen = Volatile.Read(ref most); now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = Volatile.Read(ref most))
                {
                }

                Interlocked.Increment(ref served);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                gate.Leave();
            }
        })));
        Assert.Equal((8_000, 0, 0), (served, gate.InFlight, gate.Waiting));
        Assert.InRange(most, 1, 5);
    }

    [Fact]
    public void Limit_OfATargetThatRefusesMuch_ShrinksToWhatItBears()
    {
        // It bears 100 at once and refuses the rest; 300 are wanted all the time.
        List<Attempt> inside = [];
        for (var step = 0; step < 400; step++)
        {
            while (inside.Count < 300 && _rig.State.TryEnter() is null)
                inside.Add(_rig.Begin());
            _rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < inside.Count; i++)
            {
                if (i < 100)
                    _rig.Succeed(inside[i]);
                else
                    _rig.Fail(inside[i], ErrorKinds.UpstreamRateLimit, 429);
            }

            inside.Clear();
            _rig.State.Restore(); // cool-downs are not what is looked at here
        }

        Assert.InRange(_rig.State.Vitals!.Adaptive.Current, 60, 160);
    }

    [Fact]
    public void Limit_WhileAllIsWell_GrowsWithUseOnly()
    {
        for (var i = 0; i < 3_000; i++)
            _rig.Succeed(_rig.Enter());
        Assert.Equal(AdaptiveLimit.First, _rig.State.Vitals!.Adaptive.Current);
        List<Attempt> inside = [.. Enumerable.Range(0, AdaptiveLimit.First).Select(_ => _rig.Enter())];
        foreach (var attempt in inside)
            _rig.Succeed(attempt);
        Assert.InRange(_rig.State.Vitals.Adaptive.Current, 1_300, 1_600);
    }

    [Fact]
    public void Limit_WhenManyComeAtOnceAndAreAnsweredSlowly_DoesNotShrink()
    {
        for (var i = 0; i < 500; i++)
        {
            var quick = _rig.Enter();
            _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
            _rig.Succeed(quick);
        }

        List<Attempt> inside = [.. Enumerable.Range(0, 1_000).Select(_ => _rig.Enter())];
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        foreach (var attempt in inside)
        {
            _rig.State.Answered(_rig.Time.GetElapsedTime(attempt.Began)); // it goes on streaming
            Assert.InRange(_rig.State.Vitals!.Adaptive.Current, AdaptiveLimit.First, AdaptiveLimit.Most);
        }
    }

    [Fact]
    public void TryEnter_AndWhatFollows_AllocatesNothing()
    {
        var attempt = _rig.Begin();
        Call(); // makes what a target that is called needs
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Call();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);

        void Call()
        {
            _ = _rig.State.Obstacle(_rig.Time.GetTimestamp(), out _);
            _ = _rig.State.TryEnter();
            _rig.Succeed(attempt);
        }
    }

    [Fact]
    public void States_BeyondTheMostThatAreKept_AreMadeForOneUse()
    {
        var states = new TargetStates(_rig.Time);
        for (var i = 0; i < TargetStates.Most + 10; i++)
            states.Of($"up/m-{i}");
        Assert.Equal(TargetStates.Most, states.All.Count());
        Assert.Same(states.Of("up/m-1"), states.Of("up/m-1"));
    }
}
