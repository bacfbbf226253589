using Gateway.Routing.Health;
using Gateway.State;

namespace Gateway.Jobs.Health;

/// <summary>
/// Tells other replicas of circuits that opened and of cool-downs here, and takes up theirs: a target that another replica found down is suspect here and opens
/// at its first own failure; a cool-down holds everywhere. Writes only what has changed. Never on a request's way; one call at a time.
/// </summary>
/// <param name="store">The state store.</param>
/// <param name="targets">The targets of this process.</param>
/// <param name="replica">This replica's name.</param>
/// <param name="time">The clock; replicas' clocks may differ by a second or two.</param>
internal sealed class HealthExchange(IStateStore store, TargetStates targets, string replica, TimeProvider time)
{
    /// <summary>How long others doubt a target after its circuit opened or a trial failed here: longer than until the next trial.</summary>
    public static readonly TimeSpan Doubt = Circuit.LongestWait * 2;

    /// <summary>Cool-downs shorter than this are over before others would hear of them.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, long> _doubted = new(StringComparer.Ordinal); // by address: how often it had been shut when it was told of
    private readonly Dictionary<string, DateTimeOffset> _cooling = new(StringComparer.Ordinal);
    private List<TargetNote> _told = [];
    private bool _mustTell;
    private string? _seen;
    private string? _seenProbes;

    /// <summary>What the probe found last.</summary>
    public IReadOnlyList<ProviderProbe> Probes { get; private set; } = [];

    /// <summary>Tells what has changed here, if anything has.</summary>
    /// <returns>Whether there was something to tell.</returns>
    /// <exception cref="IOException">The store did not answer; it is told again next time.</exception>
    public async ValueTask<bool> TellAsync(CancellationToken cancellation)
    {
        var notes = Notes();
        if (!_mustTell && notes.SequenceEqual(_told))
            return false;
        _mustTell = true;
        var now = time.GetUtcNow();
        await store.ChangeAsync(
            HealthBoard.Key, HealthJson.Default.HealthBoard,
            board =>
            {
                var others = (board?.Replicas ?? []).Where(r => r.Replica != replica && r.Expires > now);
                var own = new ReplicaNotes { Replica = replica, Expires = now + TimeToLive, Targets = notes };
                return new HealthBoard { Replicas = notes.Count == 0 ? [.. others] : [.. others, own] };
            },
            cancellation, TimeToLive).ConfigureAwait(false);
        (_told, _mustTell) = (notes, false);
        return true;
    }

    /// <summary>Takes up what others have told, and what the probe found.</summary>
    /// <exception cref="IOException">The store did not answer.</exception>
    /// <exception cref="InvalidDataException">A value can't be read.</exception>
    public async ValueTask HearAsync(CancellationToken cancellation)
    {
        var items = await store.GetManyAsync([HealthBoard.Key, ProbeBoard.Key], cancellation).ConfigureAwait(false);
        if (items[0] is { } board && board.ETag != _seen)
        {
            TakeUp(StateValues.Parse(board, HealthJson.Default.HealthBoard)!);
            _seen = board.ETag;
        }

        if (items[1] is { } probes && probes.ETag != _seenProbes)
        {
            TakeUp(StateValues.Parse(probes, HealthJson.Default.ProbeBoard)!);
            _seenProbes = probes.ETag;
        }
    }

    private void TakeUp(HealthBoard board)
    {
        var now = time.GetUtcNow();
        foreach (var note in board.Replicas.Where(r => r.Replica != replica && r.Expires > now).SelectMany(r => r.Targets))
        {
            if (targets.Find(note.Address) is not { } target)
                continue;
            if (note.SuspectUntil > now)
                target.Suspect(note.SuspectUntil.Value - now);
            if (note.CoolUntil > now)
            {
                target.CoolDown(note.CoolUntil.Value - now);
                _cooling[note.Address] = note.CoolUntil.Value; // it is theirs to tell
            }
        }
    }

    private void TakeUp(ProbeBoard board)
    {
        Probes = board.Providers;
        var (utc, now) = (time.GetUtcNow(), time.GetTimestamp());
        foreach (var probe in board.Providers)
        {
            if (utc - probe.At > TimeSpan.FromMinutes(2))
                continue;
            foreach (var target in targets.Called.Where(t => t.Address.StartsWith(probe.Provider + "/", StringComparison.Ordinal)))
            {
                if (probe.Up)
                    target.Vitals!.Circuit.Expedite(now);
                else
                    target.Suspect(Doubt);
            }
        }
    }

    private List<TargetNote> Notes()
    {
        var (now, utc) = (time.GetTimestamp(), time.GetUtcNow());
        var notes = new List<TargetNote>();
        foreach (var target in targets.Called)
        {
            var circuit = target.Vitals!.Circuit;
            var before = _told.Find(n => n.Address == target.Address);
            DateTimeOffset? doubt = null;
            if (circuit.Phase != CircuitPhase.Closed && circuit.Cause != CircuitCause.Outlier)
            {
                // Told anew only when it was shut again: the others' doubt lasts until then.
                var isTold = before?.SuspectUntil is not null && _doubted.GetValueOrDefault(target.Address) == circuit.Shuts;
                doubt = isTold ? before!.SuspectUntil : utc + Doubt;
                _doubted[target.Address] = circuit.Shuts;
            }

            var cool = CoolsUntil(target, before, now, utc);
            if (doubt is not null || cool is not null)
                notes.Add(new TargetNote { Address = target.Address, SuspectUntil = doubt, CoolUntil = cool });
        }

        notes.Sort(static (a, b) => string.CompareOrdinal(a.Address, b.Address));
        return notes;
    }

    /// <summary>The cool-down's end; the same as was told before unless it has been moved.</summary>
    private DateTimeOffset? CoolsUntil(TargetState target, TargetNote? before, long now, DateTimeOffset utc)
    {
        var left = target.CoolsFor(now);
        if (left <= TimeSpan.Zero)
        {
            _cooling.Remove(target.Address);
            return null;
        }

        var until = utc + left;
        var known = before?.CoolUntil ?? (_cooling.TryGetValue(target.Address, out var theirs) ? theirs : null);
        if (known is { } end && (until - end).Duration() < TimeSpan.FromSeconds(1))
            return before?.CoolUntil;
        return left < WorthTelling ? null : until;
    }
}
