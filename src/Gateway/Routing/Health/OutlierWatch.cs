namespace Gateway.Routing.Health;

/// <summary>
/// Finds targets that do far worse than those that stand beside them in a group, and keeps requests from them for a while. Looks every few seconds and not on
/// any request's way; never takes out more than half of a group. Not safe for threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class OutlierWatch(TimeProvider time)
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long a target is kept out. Then a trial lets it in again, and it has to do badly as long as before.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromSeconds(20);

    /// <summary>Looks in a row at which a target has to be far off.</summary>
    public const int Strikes = 3;

    /// <summary>Calls in the window before a target is compared.</summary>
    public const int LeastCalls = 20;

    /// <summary>How much greater than the siblings' its failure ratio has to be.</summary>
    public const double FarMoreFailures = 0.25;

    /// <summary>How many times as slow as the siblings, and …</summary>
    public const double FarSlower = 4;

    /// <summary>… as itself usually, it has to be: a model that is always slow is no outlier.</summary>
    public const double UnusuallySlow = 3;

    private readonly Dictionary<TargetState, int> _strikes = [];
    private long _lookedAt = time.GetTimestamp();

    /// <summary>Looks, if it is time to.</summary>
    /// <param name="routes">Every route there is.</param>
    /// <returns>Targets that were taken out; most often none.</returns>
    public IReadOnlyList<TargetState> Look(IEnumerable<RouteSnapshot> routes)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_lookedAt, now) < Interval)
            return [];
        _lookedAt = now;
        var (worst, taken) = (new HashSet<TargetState>(), new List<TargetState>());
        foreach (var group in routes.SelectMany(r => r.Groups))
        {
            if (group.Targets.Count < 3)
                continue; // two can't say which of them is the odd one
            List<TargetState> siblings = [.. group.Targets.Select(t => t.State).Distinct()];
            foreach (var state in FarOff(siblings, now))
            {
                if (!worst.Add(state))
                    continue; // counted in another group already
                _strikes[state] = _strikes.GetValueOrDefault(state) + 1;
                if (_strikes[state] >= Strikes && IsBearable(siblings) && state.Vitals!.Circuit.Eject(now, Absence))
                {
                    state.Vitals.Window.Clear();
                    taken.Add(state);
                    _strikes.Remove(state);
                }
            }
        }

        foreach (var state in _strikes.Keys.Where(s => !worst.Contains(s)).ToList())
            _strikes.Remove(state);
        return taken;
    }

    private static List<TargetState> FarOff(List<TargetState> siblings, long now)
    {
        List<(TargetState State, CallCounts Lately)> known =
            [.. siblings.Where(s => s.Vitals is { Circuit.Phase: CircuitPhase.Closed }).Select(s => (s, s.Vitals!.Window.Sum(now))).Where(s => s.Item2.Calls >= LeastCalls)];
        if (known.Count < 3)
            return [];
        var failures = Median(known.Select(k => k.Lately.FailureRatio));
        var paces = known.Select(k => k.State.Vitals!.Pace.Lately?.TotalSeconds).OfType<double>().ToList();
        var pace = paces.Count < 3 ? double.MaxValue : Median(paces);
        return [.. known.Where(k => k.Lately.FailureRatio >= failures + FarMoreFailures || IsFarSlower(k.State.Vitals!.Pace, pace)).Select(k => k.State)];
    }

    private static bool IsFarSlower(Pace own, double siblings) => own.Lately?.TotalSeconds >= siblings * FarSlower && own.Slowness >= UnusuallySlow;

    private static bool IsBearable(List<TargetState> siblings) =>
        (siblings.Count(s => s.Vitals is { Circuit.Phase: not CircuitPhase.Closed }) + 1) * 2 <= siblings.Count;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
