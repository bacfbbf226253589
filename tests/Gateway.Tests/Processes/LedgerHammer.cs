using System.Collections.Concurrent;

namespace Gateway.Tests.Processes;

/// <summary>Concurrent clients that remember which replies they saw complete.</summary>
internal sealed class LedgerHammer(string streamRequest, string wholeRequest)
{
    private const int Workers = 16;
    private static readonly byte[] Terminator = "data: [DONE]"u8.ToArray();

    private readonly ConcurrentQueue<string> _complete = new();
    private int _requests;

    /// <summary>The ids of the replies that were seen complete.</summary>
    public IReadOnlyCollection<string> Complete => _complete;

    /// <summary>Requests sent.</summary>
    public int Requests => _requests;

    /// <summary>Asks until the gateway is gone. Completes when every client has noticed.</summary>
    /// <param name="gateway">Whom to ask.</param>
    /// <param name="enough">How many complete replies to see before <paramref name="then"/>.</param>
    /// <param name="then">What ends the gateway, while the clients go on.</param>
    public async Task RunAsync(GatewayProcess gateway, int enough, Func<Task> then)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        enough += _complete.Count;
        var workers = Enumerable.Range(0, Workers).Select(worker => AskAsync(gateway, worker, enough, reached)).ToArray();
        await Task.WhenAny(reached.Task, Task.WhenAll(workers)).WaitAsync(TimeSpan.FromMinutes(2));
        await then();
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(1));
    }

    private async Task AskAsync(GatewayProcess gateway, int worker, int enough, TaskCompletionSource reached)
    {
        for (var i = worker; ; i++)
        {
            try
            {
                Interlocked.Increment(ref _requests);
                using var response = await gateway.PostAsync("/v1/chat/completions", i % 2 == 0 ? streamRequest : wholeRequest);
                Assert.Equal(200, (int)response.StatusCode);
                if (i % 2 == 0 ? !await SeesTerminatorAsync(response) : (await response.Content.ReadAsByteArrayAsync()).Length == 0)
                    continue;
                _complete.Enqueue(response.Headers.GetValues("x-request-id").Single());
                if (_complete.Count >= enough)
                    reached.TrySetResult();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return;
            }
        }
    }

    /// <summary>A client may stop reading at the terminator: by then the reply counts as complete, whatever becomes of the connection.</summary>
    private static async Task<bool> SeesTerminatorAsync(HttpResponseMessage response)
    {
        using var body = await response.Content.ReadAsStreamAsync();
        var seen = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            seen.Write(buffer, 0, read);
            if (seen.GetBuffer().AsSpan(0, (int)seen.Length).IndexOf(Terminator) >= 0)
                return true;
        }

        return false;
    }
}
