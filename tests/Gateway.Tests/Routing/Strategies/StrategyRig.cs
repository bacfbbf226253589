using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Routing.Strategies;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Strategies;

/// <summary>Targets with a clock that stands still until it is moved, and a strategy that sees the same random numbers every time.</summary>
internal sealed class StrategyRig
{
    private static readonly ProviderSnapshot Provider = new()
    {
        Id = "up",
        Kind = "openai",
        TelemetryName = "openai",
        Endpoints = new OperationMap<ProviderEndpoint>([KeyValuePair.Create(Operation.ChatCompletions, new ProviderEndpoint(new Uri("http://upstream.test"), "/v1/x"))]),
        Timeouts = new TimeoutPolicy(),
    };

    private readonly List<TargetSnapshot> _candidates = [];

    public StrategyRig(string strategy, params TargetSnapshot[] targets)
    {
        Strategy = TargetStrategies.Create(strategy, new Random(7))!;
        Targets = targets;
    }

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public TargetStrategy Strategy { get; }

    public TargetSnapshot[] Targets { get; }

    public static TargetSnapshot Target(string model, TimeProvider time, int weight = 1, ModelPrice? price = null, int spillAbove = int.MaxValue) => new()
    {
        Provider = Provider,
        Model = model,
        ModelJson = [],
        State = new TargetState("up/" + model, time),
        Weight = weight,
        Price = price,
        SpillAbove = spillAbove,
    };

    /// <summary>As many targets as there are names.</summary>
    public static TargetSnapshot[] Several(TimeProvider time, params string[] models) => [.. models.Select(m => Target(m, time))];

    /// <summary>Chooses among the targets that nothing keeps from being called, as a request would.</summary>
    public TargetSnapshot Choose(ulong affinity = 0, long input = 100, long output = 0)
    {
        var now = Targets[0].State.Time.GetTimestamp();
        _candidates.Clear();
        foreach (var target in Targets)
        {
            if (target.State.Obstacle(now, out _) is null)
                _candidates.Add(target);
        }

        return _candidates.Count == 1
            ? _candidates[0]
            : _candidates[Strategy.Pick(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_candidates), new RouteQuestion(now, affinity, input, output))];
    }

    /// <summary>How often each target is chosen in so many requests that take no time.</summary>
    public int[] Count(int requests)
    {
        var counts = new int[Targets.Length];
        for (var i = 0; i < requests; i++)
            counts[Array.IndexOf(Targets, Choose())]++;
        return counts;
    }

    /// <summary>Begins an attempt that the target bears for now.</summary>
    public static Attempt Enter(TargetSnapshot target)
    {
        Assert.Null(target.State.TryEnter());
        return new Attempt(target, Operation.ChatCompletions, AttemptReason.First, target.State.Time.GetTimestamp());
    }

    /// <summary>The target has sent its first content.</summary>
    public static void Answer(Attempt attempt)
    {
        var state = attempt.Target.State;
        attempt.FirstContentAt = state.Time.GetTimestamp();
        state.Answered(state.Time.GetElapsedTime(attempt.Began));
    }

    /// <summary>The stream has ended well.</summary>
    public static void End(Attempt attempt, long tokens)
    {
        attempt.Outcome = LedgerOutcome.Completed;
        attempt.Reply.Usage = new TokenUsage(100, tokens);
        LatencyMeter.Streamed(attempt);
        attempt.Ended = attempt.Target.State.Time.GetTimestamp();
        attempt.Target.State.Leave(attempt);
    }
}
