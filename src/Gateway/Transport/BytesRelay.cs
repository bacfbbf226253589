using System.Buffers;

namespace Gateway.Transport;

/// <summary>
/// Forwards bytes as they arrive, all but the last one: it is held back as the <see cref="Tail"/> until more comes, so that the reply can be
/// recorded before it ends.
/// </summary>
internal sealed class BytesRelay(IStreamSink sink, StreamWatch watch) : IDisposable
{
    private const int ReadSize = 16 * 1024;

    // The byte that is held back stands at the front, before what is read.
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadSize + 1);

    /// <summary>What the client is still owed after a <see cref="RelayEnd.Completed"/>.</summary>
    public ReadOnlyMemory<byte> Tail { get; private set; }

    /// <summary>Shown the bytes as they pass, or null.</summary>
    public Action<ReadOnlySpan<byte>>? Seen { get; init; }

    /// <summary>Whether the client's reply has begun.</summary>
    public bool Committed { get; private set; }

    /// <summary>Relays until the bytes end one way or another; where there are none at all, as <see cref="RelayEnd.Malformed"/>.</summary>
    public async ValueTask<RelayEnd> RunAsync(Stream upstream)
    {
        try
        {
            while (true)
            {
                watch.BeginWait(afterEvent: true);
                var read = await upstream.ReadAsync(_buffer.AsMemory(1), watch.Token).ConfigureAwait(false);
                watch.EndWait();
                if (read == 0)
                {
                    Tail = Committed ? (byte[])[_buffer[0]] : default;
                    return Committed ? RelayEnd.Completed : RelayEnd.Malformed;
                }

                Seen?.Invoke(_buffer.AsSpan(1, read));
                if (!await SendAsync(read).ConfigureAwait(false))
                    return EndOfWait();
                _buffer[0] = _buffer[read];
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
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask<bool> SendAsync(int read)
    {
        var first = Committed ? 0 : 1;
        if (!Committed)
        {
            if (!(Committed = sink.TryCommit()))
                return false;
            watch.Enter(WatchExpiry.Idle);
            await sink.StartAsync().ConfigureAwait(false);
        }

        sink.Body.Write(_buffer.AsSpan(first..read));
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
