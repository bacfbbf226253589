using System.Collections.Concurrent;

namespace Soak;

/// <summary>How streams ended.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(StreamEnd End, string Code), int> _ends = new();

    /// <summary>How many ended in which way, the most frequent first.</summary>
    public IReadOnlyList<(StreamEnd End, string Code, int Count)> All => [.. _ends.OrderByDescending(end => end.Value).Select(end => (end.Key.End, end.Key.Code, end.Value))];

    /// <summary>Streams in all.</summary>
    public int Count => _ends.Values.Sum();

    /// <summary>Streams that ended in a way.</summary>
    public int Of(StreamEnd end) => _ends.Where(pair => pair.Key.End == end).Sum(pair => pair.Value);

    /// <summary>Counts one.</summary>
    public void Add(StreamEnd end, string? code) => _ends.AddOrUpdate((end, code ?? ""), 1, static (_, n) => n + 1);
}
