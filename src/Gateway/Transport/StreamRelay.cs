using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Transport;

/// <summary>
/// Forwards a provider's event stream, whole events at a time, byte for byte (or, translated, as what the tap puts in their place),
/// while the tap looks on. Nothing goes out before the first content event (or the keep-alive hold), and the terminal event is held back
/// as the <see cref="Tail"/> so that the reply can be recorded before it ends.
/// </summary>
internal sealed class StreamRelay(IStreamTap tap, IStreamSink sink, StreamWatch watch, StreamFraming framing, int maxEventBytes) : IDisposable
{
    private const int ReadSize = 16 * 1024;

    private readonly IFrameReader _reader = FrameReaders.Create(framing, ReadSize);
    private readonly SemaphoreSlim _writing = sink.Writing;
    private PooledBuffer? _held;
    private bool _committed;
    private bool _sawEvent;
    private bool _inGrace;
    private bool _closed;

    /// <summary>What the client is still owed after a <see cref="RelayEnd.Completed"/>: the terminal event.</summary>
    public ReadOnlyMemory<byte> Tail { get; private set; }

    /// <summary>Whether a content event has been forwarded: from then on another attempt would repeat the answer.</summary>
    public bool Committed => _committed;

    /// <summary>Sends the wire's keep-alive, if it has one and nothing else is being written; for <see cref="StreamWatch.OnKeepAlive"/>.</summary>
    public bool TryKeepAlive()
    {
        if (!_writing.Wait(0))
            return false;
        if (_closed || sink.KeepAlive.IsEmpty)
        {
            _writing.Release();
            return false;
        }

        var sending = SendKeepAliveAsync();
        if (sending.IsCompleted)
            sending.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Relays until the stream ends one way or another.</summary>
    public async ValueTask<RelayEnd> RunAsync(Stream upstream)
    {
        while (true)
        {
            int read;
            watch.BeginWait(_sawEvent);
            try
            {
                read = await upstream.ReadAsync(_reader.GetMemory(ReadSize / 4), watch.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (watch.Token.IsCancellationRequested)
            {
                return EndOfWait();
            }
            catch (IOException)
            {
                return Finish(RelayEnd.Cut);
            }
            finally
            {
                watch.EndWait();
            }

            _reader.Advance(read);
            _sawEvent = false;
            await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                bool isFirst;
                do
                {
                    var wasCommitted = _committed;
                    var end = TryForward(read == 0, out var wrote);
                    if (wrote && !await FlushAsync().ConfigureAwait(false))
                        return EndOfWait();
                    if (end is { } ended)
                        return ended;
                    // What came with the first content is looked at once that is on its way; what takes longer than sending, once it is sent.
                    isFirst = _committed != wasCommitted;
                    if (isFirst && tap.Replaces && _reader.PendingBytes > 0)
                        await default(PoolTurn);
                }
                while (isFirst);
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    /// <summary>Waits for a keep-alive that is on its way and lets none follow: from here the body belongs to the caller.</summary>
    public async ValueTask CloseAsync()
    {
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _closed = true;
        _writing.Release();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _held?.Dispose(); // the semaphore has no handle to free, and the timer may still ask it
    }

    private RelayEnd? TryForward(bool atEnd, out bool wrote)
    {
        wrote = false;
        try
        {
            return Forward(atEnd, ref wrote);
        }
        catch (InvalidDataException)
        {
            return RelayEnd.Malformed; // no frame: a bad checksum or length
        }
    }

    private RelayEnd? Forward(bool atEnd, ref bool wrote)
    {
        while (TryRead(atEnd, out var frame, out var isRest))
        {
            _sawEvent = true;
            // Strict clients fail on bytes that are no text: better the error that says so.
            var verdict = Utf8.IsValid(frame.Data) ? tap.Observe(frame) : TapVerdict.Malformed;
            var bytes = tap.Replaces ? tap.Replacement : frame.Raw;
            switch (verdict)
            {
                case TapVerdict.Malformed when isRest:
                    return Finish(RelayEnd.Cut); // half an event
                case TapVerdict.Preamble when isRest && frame.Data.Trim((byte)' ').IsEmpty:
                    return Finish(RelayEnd.Cut); // the same: its data never came
                case TapVerdict.Suppress:
                    break;
                case TapVerdict.Preamble when !_committed:
                    (_held ??= new PooledBuffer(512)).Append(bytes);
                    if (_held.Length > maxEventBytes)
                        return RelayEnd.EventTooLarge; // comments without end, and no content
                    break;
                case TapVerdict.Preamble or TapVerdict.Content:
                    var isFirst = !_committed;
                    if (!TryCommit(ref wrote))
                        return RelayEnd.Outrun;
                    wrote |= !bytes.IsEmpty;
                    sink.Body.Write(bytes);
                    if (isRest && !tap.Replaces)
                        sink.Body.Write(_reader.Ending);
                    if (isFirst)
                        return null;
                    break;
                case TapVerdict.Terminal:
                    if (!TryCommit(ref wrote))
                        return RelayEnd.Outrun;
                    Tail = tap.Replaces ? bytes.ToArray() : TailOf(bytes, isRest);
                    return RelayEnd.Completed;
                case TapVerdict.Error:
                    return RelayEnd.ProviderError;
                case TapVerdict.Unwanted:
                    return RelayEnd.Unwanted;
                default:
                    return RelayEnd.Malformed;
            }
        }

        if (atEnd)
            return Finish(RelayEnd.Cut);
        if (_reader.PendingBytes > maxEventBytes)
            return RelayEnd.EventTooLarge;
        if (tap.Finished && !_inGrace)
        {
            _inGrace = true;
            watch.Enter(WatchExpiry.FinishGrace);
        }

        return null;
    }

    private bool TryRead(bool atEnd, out StreamFrame frame, out bool isRest)
    {
        isRest = false;
        if (_reader.TryRead(out frame))
            return true;
        if (!atEnd || !_reader.TryReadRest(out frame))
            return false;
        isRest = !EndsWithBlankLine(frame.Raw);
        return true;
    }

    private bool TryCommit(ref bool wrote)
    {
        if (_committed)
            return true;
        if (!sink.TryCommit())
            return false;
        _committed = wrote = true;
        watch.Enter(WatchExpiry.Idle);
        if (_held is { Length: > 0 })
            sink.Body.Write(_held.WrittenSpan);
        return true;
    }

    private async ValueTask<bool> FlushAsync()
    {
        if (!sink.HasStarted)
            await sink.StartAsync().ConfigureAwait(false);
        watch.Sent();
        if (watch.Expired != WatchExpiry.None)
            return true; // a limit ran out in this very instant: the next read says so, and what is written goes out with the error
        try
        {
            var flushed = await sink.Body.FlushAsync(watch.Token).ConfigureAwait(false);
            return !flushed.IsCompleted && !flushed.IsCanceled;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SendKeepAliveAsync()
    {
        try
        {
            if (!sink.HasStarted)
                await sink.StartAsync().ConfigureAwait(false);
            sink.Body.Write(sink.KeepAlive.Span);
            await sink.Body.FlushAsync(watch.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The exchange is ending; the relay says how.
        }
#pragma warning disable CA1031 // a timer's thread has nobody to tell: what is wrong with the client's side shows at the relay's next write
        catch (Exception)
#pragma warning restore CA1031
        {
            _closed = true;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The terminal event, its last line end made whole: of a CRLF whose LF is still on its way nobody will send the rest.</summary>
    private ReadOnlyMemory<byte> TailOf(ReadOnlySpan<byte> raw, bool isRest) =>
        raw.EndsWith("\r\n\r"u8) ? [.. raw, (byte)'\n']
        : isRest ? [.. raw, .. _reader.Ending]
        : raw.ToArray();

    private static bool EndsWithBlankLine(ReadOnlySpan<byte> raw) =>
        raw.EndsWith("\n\n"u8) || raw.EndsWith("\n\r\n"u8) || raw.EndsWith("\r\r"u8) || raw.EndsWith("\n\r"u8);

    private RelayEnd EndOfWait() => watch.Expired switch
    {
        WatchExpiry.FirstToken => RelayEnd.FirstTokenTimeout,
        WatchExpiry.FinishGrace => Finish(RelayEnd.Stalled),
        WatchExpiry.Idle => Finish(RelayEnd.Stalled),
        WatchExpiry.Total => RelayEnd.TotalTimeout,
        _ => RelayEnd.ClientGone,
    };

    /// <summary>The stream is over: properly if the answer had finished, otherwise as <paramref name="unfinished"/>.</summary>
    private RelayEnd Finish(RelayEnd unfinished)
    {
        if (!tap.Finished)
            return unfinished;
        Tail = tap.MissingTerminator;
        return RelayEnd.Completed;
    }
}
