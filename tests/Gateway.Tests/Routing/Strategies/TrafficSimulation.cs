using Gateway.Routing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Strategies;

/// <summary>
/// Streams over targets of changing speed, in a time of its own: requests arrive at random moments, each target answers as its script says
/// with some noise, and what becomes of each request is noted. The same seed gives the same run.
/// </summary>
internal sealed class TrafficSimulation(string strategy, int seed, params Func<double, (double FirstToken, double TokensPerSecond)>[] scripts)
{
    private readonly Random _random = new(seed);
    private readonly FakeTimeProvider _time = StrategyRig.Clock();
    private readonly PriorityQueue<Action, (double At, int Order)> _events = new();
    private double _now;
    private int _order;

    /// <summary>The requests in the order of their arrival: when, which target, and how many seconds to the first token and the last.</summary>
    public List<(double At, int Target, double FirstToken, double Total)> Requests { get; } = [];

    /// <summary>Runs it to the end of the last stream.</summary>
    public TrafficSimulation Run(double perSecond, double seconds)
    {
        var rig = new StrategyRig(strategy, StrategyRig.Several(_time, [.. scripts.Select((_, i) => $"m{i}")]));
        for (var at = 0.0; at < seconds; at -= Math.Log(1 - _random.NextDouble()) / perSecond)
            At(at, () => Arrive(rig));
        var began = _time.GetUtcNow();
        while (_events.TryDequeue(out var next, out var when))
        {
            _now = when.At;
            if (began.AddSeconds(_now) is var moment && moment > _time.GetUtcNow())
                _time.SetUtcNow(moment);
            next();
        }

        return this;
    }

    /// <summary>The time that a share of the requests does not exceed, in seconds.</summary>
    public double Percentile(double share)
    {
        var sorted = Requests.Select(r => r.Total).Order().ToList();
        return sorted[(int)(share * (sorted.Count - 1))];
    }

    /// <summary>The share of a target among the requests of a span.</summary>
    public double Share(int target, double from, double to)
    {
        var within = Requests.Where(r => r.At >= from && r.At < to).ToList();
        return (double)within.Count(r => r.Target == target) / within.Count;
    }

    private void At(double when, Action action) => _events.Enqueue(action, (when, _order++));

    private void Arrive(StrategyRig rig)
    {
        // Drawn before the choice, so that every strategy meets the same requests.
        var (noise, tokens) = (Noise(), Math.Clamp((long)(200 * Noise()), 20, 800));
        var target = rig.Choose();
        var index = Array.IndexOf(rig.Targets, target);
        var (firstToken, rate) = scripts[index](_now);
        firstToken *= noise;
        var attempt = StrategyRig.Enter(target);
        At(_now + firstToken, () => StrategyRig.Answer(attempt));
        At(_now + firstToken + (tokens / rate), () => StrategyRig.End(attempt, tokens));
        Requests.Add((_now, index, firstToken, firstToken + (tokens / rate)));
    }

    /// <summary>Around 1, now and then twice as much.</summary>
    private double Noise() => Math.Exp(0.35 * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
