using System.Diagnostics;

namespace Gateway.Tests.Testing;

/// <summary>
/// Notices when the machine stood still, or when no thread of the pool was free: a test of limits in real time (tenths of a second until a silent provider is
/// given up) says nothing when nobody could act for as long. Such a test, and no other, is tried again.
/// </summary>
internal static class Stalls
{
    /// <summary>The shortest standstill that counts; well under the shortest limit that tests set.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private static long _lastEnd;
    private static long _queued; // when the pool was asked for a thread; 0: it has given one

    static Stalls() => new Thread(Watch) { IsBackground = true, Name = "stalls", Priority = ThreadPriority.Highest }.Start();

    /// <summary>Runs a test's body; when it fails and the machine stood still meanwhile, runs it again, up to three times.</summary>
    /// <param name="body">Begins anew each time: with routes, keys or ids that nobody used.</param>
    public static async Task TryAgainAsync(Func<Task> body)
    {
        for (var left = 3; ; left--)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                await body();
                return;
            }
            catch (Exception) when (left > 0 && Since(began))
            {
            }
        }
    }

    /// <summary>Whether the machine stood still at some time after a timestamp of <see cref="Stopwatch"/>.</summary>
    public static bool Since(long timestamp) => Volatile.Read(ref _lastEnd) > timestamp;

    private static void Watch()
    {
        using var never = new ManualResetEventSlim();
        while (true)
        {
            var before = Stopwatch.GetTimestamp();
            if (Interlocked.CompareExchange(ref _queued, before, 0) == 0)
                ThreadPool.UnsafeQueueUserWorkItem(static _ => Volatile.Write(ref _queued, 0), null);
            never.Wait(Tick);
            var queued = Volatile.Read(ref _queued);
            if (Stopwatch.GetElapsedTime(queued == 0 ? before : queued) >= Least)
                Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
        }
    }
}
