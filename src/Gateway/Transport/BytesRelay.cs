using System.Buffers;

namespace Gateway.Transport;

/// <summary>
/// Forwards bytes as they arrive. What came last is held back as the <see cref="Tail"/> until more comes, so that the reply can be recorded
/// before it ends.
/// </summary>
internal sealed class BytesRelay(IStreamSink sink, StreamWatch watch) : IDisposable
{
    private const int ReadSize = 16 * 1024;

    private PooledBuffer _last = new(ReadSize);
    private PooledBuffer _next = new(ReadSize);

    /// <summary>What the client is still owed after a <see cref="RelayEnd.Completed"/>.</summary>
    public ReadOnlyMemory<byte> Tail { get; private set; }

    /// <summary>Whether the client has been sent something.</summary>
    public bool Committed { get; private set; }

    /// <summary>Relays until the bytes end one way or another.</summary>
    public async ValueTask<RelayEnd> RunAsync(Stream upstream)
    {
        try
        {
            while (true)
            {
                watch.BeginWait(afterEvent: true);
                var read = await upstream.ReadAsync(_next.GetMemory(ReadSize), watch.Token).ConfigureAwait(false);
                watch.EndWait();
                if (read == 0)
                {
                    Tail = _last.WrittenSpan.ToArray();
                    return Tail.IsEmpty ? RelayEnd.Malformed : RelayEnd.Completed;
                }

                _next.Advance(read);
                if (!await SendLastAsync().ConfigureAwait(false))
                    return EndOfWait();
                (_last, _next) = (_next, _last);
                _next.Clear();
            }
        }
        catch (OperationCanceledException) when (watch.Token.IsCancellationRequested)
        {
            return EndOfWait();
        }
        catch (IOException)
        {
            return RelayEnd.Cut;
        }
    }

    public void Dispose()
    {
        _last.Dispose();
        _next.Dispose();
    }

    private async ValueTask<bool> SendLastAsync()
    {
        if (!Committed)
        {
            // Begins the reply, so that a client sees the first bytes' headers at once.
            Committed = true;
            sink.OnFirstContent();
            watch.Enter(WatchExpiry.Idle);
            await sink.StartAsync().ConfigureAwait(false);
        }

        if (_last.Length == 0)
            return true;
        sink.Body.Write(_last.WrittenSpan);
        var flushed = await sink.Body.FlushAsync(watch.Token).ConfigureAwait(false);
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private RelayEnd EndOfWait() => watch.Expired switch
    {
        WatchExpiry.FirstToken => RelayEnd.FirstTokenTimeout,
        WatchExpiry.None => RelayEnd.ClientGone,
        WatchExpiry.Total => RelayEnd.TotalTimeout,
        _ => RelayEnd.Stalled,
    };
}
