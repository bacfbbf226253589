using System.Globalization;
using System.Runtime.InteropServices;

namespace GatewayApi.Hosting;

/// <summary>
/// Has Linux schedule the process's threads as batch work (SCHED_BATCH, sched(7)): one that wakes does not interrupt the one that runs.
/// Otherwise the thread that polls sockets takes the processor from the threads that work for nearly every event, and finds one event
/// each time; like this it finds what has gathered when one of them has nothing left to do. On an idle core nothing waits either way.
/// </summary>
internal static partial class ThreadScheduling
{
    // linux/sched.h
    private const int Normal = 0;
    private const int Batch = 3;

    // asm-generic/errno-base.h: the thread has ended meanwhile.
    private const int NoSuchProcess = 3;

    /// <summary>Sets the policy of all threads there are; those begun later inherit it. One that someone chose for the process is left.</summary>
    /// <returns>What stands against it, or null. Elsewhere than on Linux nothing is done, and nothing stands against it.</returns>
    public static string? Apply()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return GetPolicy(0) == Normal ? SetAll() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            return e.Message;
        }
    }

    /// <summary>Says that the kernel refused.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "The threads keep the scheduling policy they were started with: {Reason}")]
    public static partial void LogRefused(ILogger logger, string reason);

    private static string? SetAll()
    {
        // Until a look finds no new one: a thread can have been begun by one whose turn had not come.
        HashSet<string> seen = [];
        bool found;
        do
        {
            found = false;
            foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                if (!seen.Add(thread))
                    continue;
                found = true;
                var priority = 0; // the only one of this policy
                if (SetPolicy(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Batch, ref priority) != 0
                    && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
                    return Marshal.GetPInvokeErrorMessage(error);
            }
        }
        while (found);
        return null;
    }

    [DllImport("libc", EntryPoint = "sched_getscheduler", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetPolicy(int thread);

    [DllImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPolicy(int thread, int policy, ref int priority);
}
