using System.Collections.Concurrent;

namespace Chaos.Judging;

/// <summary>What was found to be wrong.</summary>
internal sealed class Verdict
{
    private const int Shown = 12;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _violations = new();

    /// <summary>Whether nothing was.</summary>
    public bool IsClean => _violations.IsEmpty;

    /// <summary>Notes a violation of an invariant.</summary>
    /// <param name="invariant">Its word in the table, such as <c>overspent</c>.</param>
    /// <param name="what">What happened.</param>
    public void Break(string invariant, string what) => _violations.GetOrAdd(invariant, static _ => new()).Enqueue(what);

    /// <summary>How often an invariant was broken.</summary>
    public int Of(string invariant) => _violations.TryGetValue(invariant, out var all) ? all.Count : 0;

    /// <summary>The first of each.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var (invariant, all) in _violations.OrderBy(v => v.Key))
        {
            foreach (var what in all.Take(Shown))
                yield return $"{invariant}: {what}";
            if (all.Count > Shown)
                yield return $"{invariant}: … and {all.Count - Shown} more";
        }
    }
}
