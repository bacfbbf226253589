using System.Text.Json;
using System.Threading.Channels;
using Gateway.State;

namespace Gateway.Routing.Affinity;

/// <summary>
/// Which target made what: marks of responses, conversations and reasoning, each with its maker: a provider and model, with the region and keys where those differ. Kept in memory, the oldest
/// half let go when it is full, and in the state store, so that another replica finds it. Writing there is best effort and never waited
/// for; reading happens only for a mark that this replica does not know.
/// </summary>
internal sealed class StickyTargets : IAsyncDisposable
{
    /// <summary>How long a mark is kept in the state store: as long as providers keep responses.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostWaiting = 4_096;

    private readonly IStateStore _store;
    private readonly RecentMap<ulong, string> _recent;
    private readonly Channel<(ulong Mark, string Address)> _unwritten = Channel.CreateBounded<(ulong, string)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;

    /// <param name="store">What replicas share.</param>
    /// <param name="capacity">Marks in memory, at least.</param>
    public StickyTargets(IStateStore store, int capacity = 65_536)
    {
        (_store, _recent) = (store, new RecentMap<ulong, string>(capacity));
        _writing = WriteAsync();
    }

    /// <summary>Notes who made something.</summary>
    /// <param name="mark">Its mark, with the tenant in it.</param>
    /// <param name="address">The address of its maker's state.</param>
    public void Note(ulong mark, string address)
    {
        if (_recent.TryGet(mark, out var known) && known == address)
            return;
        _recent.Set(mark, address);
        _unwritten.Writer.TryWrite((mark, address));
    }

    /// <summary>The maker of the first of these that is known; null when none is, or nobody can be asked.</summary>
    public async ValueTask<string?> FindAsync(IReadOnlyList<ulong> marks, CancellationToken cancellation)
    {
        foreach (var mark in marks)
        {
            if (_recent.TryGet(mark, out var address))
                return address;
        }

        try
        {
            var items = await _store.GetManyAsync([.. marks.Select(KeyOf)], cancellation).ConfigureAwait(false);
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is not { } item || AddressIn(item.Value.Span) is not { } address)
                    continue;
                _recent.Set(marks[i], address);
                return address;
            }
        }
        catch (StateUnavailableException)
        {
            // The request goes where any would; its provider says so if it does not know the id.
        }

        return null;
    }

    /// <summary>Writes what waits, unless the store is away.</summary>
    public async ValueTask DisposeAsync()
    {
        _unwritten.Writer.TryComplete();
        _stopping.CancelAfter(TimeSpan.FromSeconds(2));
        await _writing.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static string KeyOf(ulong mark) => StateKeys.Join("sticky", mark.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    private static string? AddressIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var (mark, address) in _unwritten.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    await _store.SetAsync(KeyOf(mark), Quoted(address), Kept, _stopping.Token).ConfigureAwait(false);
                }
                catch (StateUnavailableException)
                {
                    // Other replicas will not find this one.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped before all was written.
        }
    }

    private static byte[] Quoted(string address) => [(byte)'"', .. JsonEncodedText.Encode(address).EncodedUtf8Bytes, (byte)'"'];
}
