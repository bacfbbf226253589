using System.Globalization;

namespace Soak;

/// <summary>Clients that ask for one stream after another.</summary>
/// <param name="client">The gateway's client.</param>
/// <param name="tally">Where they note how it went.</param>
internal sealed class Crowd(HttpClient client, Tally tally)
{
    private const int Words = 24;
    private const double LeavingShare = 0.02;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _reading;

    /// <summary>Streams that are being read now.</summary>
    public int Reading => Volatile.Read(ref _reading);

    /// <summary>Runs until the time is up and every stream has ended.</summary>
    /// <param name="streams">Clients.</param>
    /// <param name="ending">Cancelled when no further stream is to begin.</param>
    /// <param name="model">The route.</param>
    public Task RunAsync(int streams, string model, CancellationToken ending) => Task.WhenAll(Enumerable.Range(0, streams).Select(n => ClientAsync(n, model, ending)));

    private async Task ClientAsync(int number, string model, CancellationToken ending)
    {
        var random = new Random(number);
        await Task.Delay(random.Next(2_000), CancellationToken.None); // not all in the same instant
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            int? leaves = random.NextDouble() < LeavingShare ? random.Next(1, Words) : null;
            Interlocked.Increment(ref _reading);
            var (end, code) = await StreamCheck.AskAsync(client, model, string.Create(CultureInfo.InvariantCulture, $"c{number}.{i}"), Words, leaves);
            Interlocked.Decrement(ref _reading);
            tally.Add(end, code);
            if (end == StreamEnd.Refused)
                await Task.Delay(Pause, CancellationToken.None); // as Retry-After asks for
        }
    }
}
