using System.Diagnostics;
using System.IO.Pipelines;

namespace FakeUpstream;

/// <summary>Sends a stream: role, content events, finish, usage, <c>[DONE]</c>; each flushed on its own.</summary>
internal static class StreamReply
{
    public static async Task SendAsync(PipeWriter body, Ask ask, Counters counters, CancellationToken aborted)
    {
        counters.StreamOpened();
        var started = Stopwatch.GetTimestamp();
        var whole = await SendAsync(body, StreamEvents.Role, aborted);
        for (var i = 0; whole && i < ask.Events; i++)
        {
            if (i > 0 && ask.PaceMilliseconds > 0)
                await WaitAsync(started, (long)i * ask.PaceMilliseconds, aborted);
            whole = await SendAsync(body, StreamEvents.Content[i], aborted);
            if (whole)
                counters.EventSent();
        }

        if (whole
            && await SendAsync(body, StreamEvents.Finish, aborted)
            && await SendAsync(body, StreamEvents.Usage(ask.Events), aborted)
            && await SendAsync(body, StreamEvents.Done, aborted))
        {
            counters.StreamEnded();
        }
        else
        {
            counters.StreamCut();
        }
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
