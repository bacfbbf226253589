using System.Collections.Concurrent;

namespace Chaos.Load;

/// <summary>Every request of the run and what its client saw.</summary>
internal sealed class ReplyBook
{
    private readonly ConcurrentDictionary<string, Reply> _replies = new();
    private long _sent;

    /// <summary>Requests that somebody listened to.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Replies by request id, those that nobody listened to left out.</summary>
    public IReadOnlyDictionary<string, Reply> Replies => _replies;

    /// <summary>How many were of a kind.</summary>
    public int Count(ReplyKind kind) => _replies.Values.Count(reply => reply.Kind == kind);

    /// <summary>The longest that a client waited for a reply.</summary>
    public TimeSpan WorstStall => _replies.Values.Select(reply => reply.Took).DefaultIfEmpty().Max();

    /// <summary>How long half of the replies of a kind took at most.</summary>
    public TimeSpan Median(ReplyKind kind)
    {
        var all = _replies.Values.Where(reply => reply.Kind == kind).Select(reply => reply.Took).Order().ToList();
        return all.Count == 0 ? TimeSpan.Zero : all[all.Count / 2];
    }

    /// <summary>Notes a reply, and gives it back.</summary>
    public Reply Note(Reply reply)
    {
        if (reply.Kind == ReplyKind.Unreached)
            return reply;
        Interlocked.Increment(ref _sent);
        // Bodies matter only of what was not expected.
        _replies[reply.Id] = reply.Kind == ReplyKind.Other ? reply : reply with { Body = "" };
        return reply;
    }
}
