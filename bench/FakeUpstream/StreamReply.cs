using System.Diagnostics;
using System.IO.Pipelines;

namespace FakeUpstream;

/// <summary>Sends a stream, each part flushed on its own.</summary>
internal static class StreamReply
{
    public static async Task SendAsync(PipeWriter body, StreamScript script, Ask ask, Counters counters, CancellationToken aborted)
    {
        counters.StreamOpened();
        var started = Stopwatch.GetTimestamp();
        var whole = await SendAsync(body, script.Start, aborted);
        for (var i = 0; whole && i < ask.Events; i++)
        {
            if (i > 0 && ask.PaceMilliseconds > 0)
                await WaitAsync(started, (long)i * ask.PaceMilliseconds, aborted);
            whole = await SendAsync(body, script.Content[i], aborted);
            if (whole)
                counters.EventSent();
        }

        foreach (var part in script.End(ask.Events))
            whole = whole && await SendAsync(body, part, aborted);
        if (whole)
            counters.StreamEnded();
        else
            counters.StreamCut();
    }

    private static async ValueTask<bool> SendAsync(PipeWriter body, byte[] bytes, CancellationToken aborted)
    {
        var sent = await body.WriteAsync(bytes, aborted);
        return !sent.IsCompleted && !aborted.IsCancellationRequested;
    }

    /// <summary>Waits until a time after the start rather than between events, so that lateness does not add up.</summary>
    private static async ValueTask WaitAsync(long started, long dueMilliseconds, CancellationToken aborted)
    {
        var left = dueMilliseconds - (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (left > 0)
            await Task.Delay((int)left, aborted);
    }
}
