using CsCheck;
using Gateway.Routing;
using Gateway.Routing.Health;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Health;

/// <summary>The circuit against a model that knows each call by name instead of by when it began.</summary>
public class CircuitModelTests
{
    private enum Kind
    {
        Wait,
        Enter,
        Insist,
        Answer,
        Succeed,
        Fail,
        GiveUp,
    }

    [Fact]
    public void Circuit_AgainstTheModel_DecidesTheSame() =>
        Gen.Select(Gen.Frequency(
            (3, Gen.Const(Kind.Wait)), (4, Gen.Const(Kind.Enter)), (1, Gen.Const(Kind.Insist)), (2, Gen.Const(Kind.Answer)), (2, Gen.Const(Kind.Succeed)), (5, Gen.Const(Kind.Fail)), (1, Gen.Const(Kind.GiveUp))),
            Gen.Int[0, 10_000]).List[0, 120].Sample(Run, iter: 3_000);

    [Fact]
    public void TryEnter_ByManyThreadsWhenATrialIsDue_IsGrantedToOne()
    {
        for (var round = 0; round < 200; round++)
        {
            var rig = new TargetRig();
            rig.FailTimes(3);
            rig.Time.Advance(Circuit.FirstWait);
            var granted = 0;
            Parallel.For(0, 8, _ =>
            {
                if (rig.State.Obstacle(rig.Time.GetTimestamp(), out var _) is null && rig.State.TryEnter() is null)
                    Interlocked.Increment(ref granted);
            });
            Assert.Equal((1, 1), (granted, rig.State.InFlight));
        }
    }

    [Fact]
    public void Calls_OfManyThreads_LeaveNothingBehind()
    {
        var rig = new TargetRig();
        rig.State.MaxConcurrency = 6;
        Parallel.For(0, 8, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 5_000; i++)
            {
                if (rig.State.Obstacle(rig.Time.GetTimestamp(), out _) is null && rig.State.TryEnter() is null)
                {
                    Assert.InRange(rig.State.InFlight, 1, 6); // never more than are allowed
                    var attempt = rig.Begin();
                    if (random.Next(2) == 0)
                        rig.Succeed(attempt);
                    else
                        rig.Fail(attempt);
                }
                else if (random.Next(50) == 0)
                {
                    rig.Time.Advance(TimeSpan.FromSeconds(1));
                }
            }
        });
        Assert.Equal((0, 0), (rig.State.InFlight, rig.State.Gate!.Waiting));
        rig.Time.Advance(Circuit.LongestWait + Circuit.TrialLimit);
        rig.Succeed(rig.Enter());
        Assert.Equal(CircuitPhase.Closed, rig.Circuit.Phase);
    }

    private static void Run(List<(Kind Kind, int Number)> steps)
    {
        var time = new FakeTimeProvider();
        var start = time.GetTimestamp();
        var (circuit, window, model) = (new Circuit(time, static () => 1), new CallWindow(time), new Model());
        List<(Call Call, long Began)> under = [];
        foreach (var (kind, number) in steps)
        {
            var now = time.GetTimestamp();
            if (kind == Kind.Wait)
            {
                time.Advance(TimeSpan.FromMilliseconds(number / 2));
                model.Now = time.GetElapsedTime(start);
            }
            else if (kind is Kind.Enter or Kind.Insist)
            {
                Assert.Equal(model.Obstacle(), circuit.Obstacle(now, out _));
                var call = new Call();
                var refused = circuit.TryEnter(now, kind == Kind.Insist);
                Assert.Equal(model.Enter(call, kind == Kind.Insist), refused);
                if (refused is null)
                    under.Add((call, now));
            }
            else if (under.Count > 0)
            {
                var (call, began) = under[number % under.Count];
                if (kind != Kind.Answer)
                    under.RemoveAt(number % under.Count);
                switch (kind)
                {
                    case Kind.Answer:
                        circuit.Answered(began, window);
                        model.Answered(call);
                        break;
                    case Kind.Succeed:
                        circuit.Answered(began, window);
                        circuit.Ended(began);
                        model.Answered(call);
                        model.Ended(call);
                        break;
                    case Kind.Fail:
                        circuit.Failed(now, began, default);
                        model.Failed(call);
                        break;
                    default:
                        circuit.GivenUp(now, began);
                        model.GivenUp(call);
                        break;
                }
            }

            Assert.Equal((model.Phase, model.Trips), (circuit.Phase, circuit.Trips));
        }
    }

    private sealed class Call
    {
        /// <summary>How often the circuit had opened when it was let through.</summary>
        public long Opening { get; set; }
    }

    private sealed class Model
    {
        private Call? _trial;
        private TimeSpan _due;
        private TimeSpan _shut;
        private TimeSpan _trialSince;
        private int _row;
        private int _failedTrials;
        private bool _probation;

        public TimeSpan Now { get; set; }

        public CircuitPhase Phase { get; private set; }

        public long Trips { get; private set; }

        public SkipReason? Obstacle() => Phase switch
        {
            CircuitPhase.Open when Now < _due => SkipReason.CircuitOpen,
            CircuitPhase.HalfOpen when Now - _trialSince < Circuit.TrialLimit => SkipReason.TrialUnderWay,
            _ => null,
        };

        public SkipReason? Enter(Call call, bool insists)
        {
            call.Opening = Trips;
            if (Phase == CircuitPhase.Closed)
                return null;
            if (Obstacle() is { } obstacle && !(obstacle == SkipReason.CircuitOpen && insists && Now - _shut >= Circuit.ShortestWait))
                return obstacle;
            (Phase, _trial, _trialSince) = (CircuitPhase.HalfOpen, call, Now);
            return null;
        }

        public void Answered(Call call)
        {
            if (Phase == CircuitPhase.Closed)
                _row = 0;
            else if (call.Opening == Trips)
                (Phase, _row, _probation) = (CircuitPhase.Closed, 0, true);
        }

        public void Ended(Call call)
        {
            if (_probation && Phase == CircuitPhase.Closed && call.Opening == Trips)
                (_probation, _failedTrials) = (false, 0);
        }

        public void Failed(Call call)
        {
            if (call.Opening != Trips)
                return;
            if (Phase == CircuitPhase.HalfOpen && call == _trial)
            {
                _failedTrials++;
                Shut();
                return;
            }

            if (Phase != CircuitPhase.Closed)
                return;
            _row++;
            if (_probation)
                _failedTrials++;
            if (!_probation && _row < Circuit.MostConsecutive)
                return;
            (_row, _probation) = (0, false);
            Trips++;
            Shut();
        }

        public void GivenUp(Call call)
        {
            if (Phase == CircuitPhase.HalfOpen && call == _trial)
                (Phase, _due) = (CircuitPhase.Open, Now);
        }

        private void Shut()
        {
            // Whole ticks: sums of seconds as doubles are not always the moment they should be.
            var wait = Circuit.FirstWait * Math.Pow(2, Math.Min(_failedTrials, 10));
            (Phase, _shut, _due) = (CircuitPhase.Open, Now, Now + (wait < Circuit.LongestWait ? wait : Circuit.LongestWait));
        }
    }
}
