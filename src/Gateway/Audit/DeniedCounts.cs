using System.Runtime.InteropServices;

namespace Gateway.Audit;

/// <summary>Counts refusals by class. Bounded: beyond its size new classes are counted by code alone. Thread-safe; counting a known class allocates nothing.</summary>
/// <param name="most">The most classes told apart.</param>
internal sealed class DeniedCounts(int most)
{
    /// <summary>Stands for actors and subjects that are no longer told apart.</summary>
    public const string Others = "others";

    private const int MostCodes = 64;

    private readonly Lock _lock = new();
    private Dictionary<(string Actor, string Code, string Subject), long> _counts = [];

    /// <summary>Counts.</summary>
    public void Add(string actor, string code, string subject, long count = 1)
    {
        lock (_lock)
        {
            var kind = (actor, code, subject);
            if (_counts.Count >= most && !_counts.ContainsKey(kind))
                kind = (Others, code, Others);
            if (_counts.Count >= most + MostCodes && !_counts.ContainsKey(kind))
                kind = (Others, Others, Others);
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, kind, out _) += count;
        }
    }

    /// <summary>Gives what was counted and begins anew.</summary>
    public IReadOnlyDictionary<(string Actor, string Code, string Subject), long> Take()
    {
        lock (_lock)
        {
            var taken = _counts;
            if (taken.Count > 0)
                _counts = [];
            return taken;
        }
    }
}
