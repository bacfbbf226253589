using System.Buffers;
using System.Net.WebSockets;

namespace Gateway.Transport;

/// <summary>
/// Carries the messages of one socket to another: bytes, types and ends of messages stay as they are. Without a tap a message goes on in
/// pieces, as it arrives; with one, text is put together first.
/// </summary>
/// <param name="from">The sender's socket.</param>
/// <param name="to">The receiver's.</param>
/// <param name="maxMessage">Largest message, in bytes.</param>
internal sealed class SocketPump(WebSocket from, WebSocket to, int maxMessage)
{
    private const int PieceBytes = 4096;

    /// <summary>Sees each whole text message before it goes on; false: it must not go on.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask<bool>>? Tap { get; init; }

    /// <summary>Told how many bytes have gone on.</summary>
    public required Action<int> Passed { get; init; }

    /// <summary>Told once why nothing more will go on. The pump then only reads on, until the sender has closed.</summary>
    public required Action<SocketPumpEnd> Ended { get; init; }

    private bool _hasEnded;

    /// <summary>Runs until the sender has closed or is lost. Throws nothing.</summary>
    /// <param name="abort">Breaks both sockets.</param>
    public async Task RunAsync(CancellationToken abort)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await PassAsync(piece, abort).ConfigureAwait(false))
            {
            }

            End(SocketPumpEnd.Closed);
        }
        catch (Exception e) when (IsLoss(e))
        {
            End(SocketPumpEnd.SenderLost);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Whether an exception means that a socket is not usable any more.</summary>
    public static bool IsLoss(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or InvalidOperationException; // disposed is the last of these

    /// <returns>False when the sender has closed.</returns>
    private async ValueTask<bool> PassAsync(byte[] piece, CancellationToken abort)
    {
        PooledBuffer? whole = null;
        try
        {
            long length = 0;
            while (true)
            {
                var read = await from.ReceiveAsync(piece.AsMemory(), abort).ConfigureAwait(false);
                if (read.MessageType == WebSocketMessageType.Close)
                    return false;
                length += read.Count;
                if (length > maxMessage)
                    End(SocketPumpEnd.TooLarge);
                var part = piece.AsMemory(0, read.Count);
                if (Tap is null || read.MessageType != WebSocketMessageType.Text)
                {
                    await SendAsync(part, read.MessageType, read.EndOfMessage, abort).ConfigureAwait(false);
                }
                else if (length <= maxMessage) // also after the end: the tap still wants to see
                {
                    if (whole is not null || !read.EndOfMessage)
                        (whole ??= new PooledBuffer(2 * PieceBytes)).Append(part.Span);
                    if (read.EndOfMessage)
                        await SendTappedAsync(whole?.WrittenMemory ?? part, abort).ConfigureAwait(false);
                }

                if (read.EndOfMessage)
                    return true;
            }
        }
        finally
        {
            whole?.Dispose();
        }
    }

    private async ValueTask SendTappedAsync(ReadOnlyMemory<byte> message, CancellationToken abort)
    {
        if (!await Tap!(message).ConfigureAwait(false))
            End(SocketPumpEnd.Withheld);
        await SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, abort).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool endOfMessage, CancellationToken abort)
    {
        if (_hasEnded)
            return;
        try
        {
            await to.SendAsync(bytes, type, endOfMessage, abort).ConfigureAwait(false);
            Passed(bytes.Length);
        }
        catch (Exception e) when (IsLoss(e))
        {
            End(SocketPumpEnd.ReceiverLost);
        }
    }

    private void End(SocketPumpEnd why)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        Ended(why);
    }
}
