using Gateway.Metering;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Metering;

/// <summary>A ledger over a temporary directory. Its clock stands still: entries are applied only when someone asks for them.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    public LedgerBench(TempDirectory? directory = null) => Directory = directory ?? new TempDirectory();

    public TempDirectory Directory { get; }

    public FakeTimeProvider Time { get; } = new();

    public LedgerOptions Options { get; set; } = new() { DataDirectory = "" };

    public Ledger Ledger { get; private set; } = null!;

    public string Spool => LedgerPaths.Spool(Directory.Path);

    public Ledger Open(Func<string, ISpoolFile>? openFile = null) =>
        Ledger = Ledger.Open(Options with { DataDirectory = Directory.Path }, Time, NullLogger.Instance, openFile);

    public async Task AppendAsync(int count, int first = 0)
    {
        for (var i = first; i < first + count; i++)
            await Ledger.AppendAsync(Samples.Entry(i));
    }

    /// <summary>Every entry of the store, oldest first.</summary>
    public async Task<List<LedgerEntry>> AllAsync()
    {
        var all = new List<LedgerEntry>();
        string? cursor = null;
        do
        {
            var page = await Ledger.QueryAsync(new LedgerQuery { Limit = LedgerQuery.MaxLimit, Cursor = cursor });
            all.AddRange(page.Entries);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        all.Reverse();
        return all;
    }

    /// <summary>The directory as a kill would leave it now, opened again.</summary>
    public LedgerBench Killed()
    {
        var survivor = new LedgerBench(Directory.Copy()) { Options = Options };
        survivor.Open();
        return survivor;
    }

    public async ValueTask DisposeAsync()
    {
        using var directory = Directory;
        if (Ledger is not null)
            await Ledger.DisposeAsync();
    }
}
