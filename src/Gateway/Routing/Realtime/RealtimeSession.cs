using System.Net.WebSockets;
using Gateway.Dialects.OpenAiRealtime;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Transport;

namespace Gateway.Routing.Realtime;

/// <summary>
/// One session: two sockets, a pump each way, and the first reason to end. Both sockets are then closed with its code; whoever does not
/// answer within <see cref="TimeoutPolicy.FinishGrace"/> is cut off.
/// </summary>
/// <remarks>
/// Waiting has two limits: while a response is under way the provider may be silent for <see cref="TimeoutPolicy.Idle"/>, as in any stream;
/// otherwise both sides together for <see cref="TimeoutPolicy.Total"/>. How long a session may last is the provider's to say.
/// </remarks>
internal sealed class RealtimeSession(GatewayContext context, WebSocket client, WebSocket upstream, RealtimeMeter meter, Predicate<GatewayContext> isKeyGood)
{
    /// <summary>How often the key is looked at: a revoked one is to be dead within 5 s, and the ring may learn of it late.</summary>
    public static readonly TimeSpan KeyCheck = TimeSpan.FromSeconds(1);

    private readonly TimeoutPolicy _timeouts = context.Route!.Timeouts;
    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;

    /// <summary>Carries messages until the session has ended and both sockets are closed. Throws nothing for what the two sides do.</summary>
    /// <param name="stopping">The process is about to stop.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(_timeouts.Total, context.Time);
        using var abort = new CancellationTokenSource();
        var limit = context.Snapshot.Limits.MaxEventBytes;
        var up = new SocketPump(client, upstream, limit)
        {
            Passed = bytes =>
            {
                meter.OnClientBytes(bytes);
                if (!meter.HasOpen)
                    silence.CancelAfter(_timeouts.Total);
            },
            Ended = why => End(OfClient(why)),
        };
        var down = new SocketPump(upstream, client, limit)
        {
            Tap = meter.ObserveAsync,
            Passed = _ =>
            {
                silence.CancelAfter(meter.HasOpen ? _timeouts.Idle : _timeouts.Total);
                if (meter.IsSpent)
                    End(Spent);
                if (_isStopping)
                    OnStopping();
            },
            Ended = why => End(OfProvider(why)),
        };

        using var keyCheck = context.Time.CreateTimer(static me => ((RealtimeSession)me!).OnKeyCheck(), this, KeyCheck, KeyCheck);
        Task[] pumps = [up.RunAsync(abort.Token), down.RunAsync(abort.Token)];
        using (silence.Token.UnsafeRegister(static me => ((RealtimeSession)me!).OnSilence(), this))
        using (context.Client.Gone.UnsafeRegister(static me => ((RealtimeSession)me!).OnClientGone(), this))
        using (stopping.UnsafeRegister(static me => ((RealtimeSession)me!).OnStopping(), this))
        {
            var end = await _end.Task.ConfigureAwait(false);
            await CloseAsync(end, pumps).ConfigureAwait(false);
            await abort.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(pumps).ConfigureAwait(false);
            return end;
        }
    }

    private async Task CloseAsync(SessionEnd end, Task[] pumps)
    {
        using var grace = new CancellationTokenSource(_timeouts.FinishGrace, context.Time);
        if (end.Event is { } told)
            await TellAsync(told, grace.Token).ConfigureAwait(false);
        await Task.WhenAll(CloseAsync(upstream, end, grace.Token), CloseAsync(client, end, grace.Token)).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(pumps).WaitAsync(grace.Token).ConfigureAwait(false); // each reads its sender's own close
        }
        catch (OperationCanceledException)
        {
            // Who has not closed by now is cut off.
        }
    }

    private async Task TellAsync(GatewayError error, CancellationToken cancellation)
    {
        using var written = new PooledBuffer(512);
        RealtimeErrors.Write(written, error, context.RequestId);
        try
        {
            await client.SendAsync(written.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (SocketPump.IsLoss(e))
        {
            // It is gone already.
        }
    }

    private static async Task CloseAsync(WebSocket socket, SessionEnd end, CancellationToken cancellation)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(end.Code, end.Reason, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (SocketPump.IsLoss(e))
        {
            // It is gone already.
        }
    }

    private SessionEnd OfClient(SocketPumpEnd why) => why switch
    {
        SocketPumpEnd.Closed => new(client.CloseStatus ?? WebSocketCloseStatus.NormalClosure, client.CloseStatusDescription is { Length: > 0 } reason ? reason : null, LedgerOutcome.Aborted),
        SocketPumpEnd.ReceiverLost => ProviderLost,
        SocketPumpEnd.TooLarge => TooLarge,
        _ => ClientLost,
    };

    private SessionEnd OfProvider(SocketPumpEnd why) => why switch
    {
        SocketPumpEnd.Closed => new(upstream.CloseStatus ?? WebSocketCloseStatus.NormalClosure, upstream.CloseStatusDescription is { Length: > 0 } reason ? reason : null, LedgerOutcome.Interrupted, ErrorKinds.StreamCut),
        SocketPumpEnd.ReceiverLost => ClientLost,
        SocketPumpEnd.TooLarge => TooLarge,
        SocketPumpEnd.Withheld => new(WebSocketCloseStatus.InternalServerError, "The gateway could not record this response.", LedgerOutcome.Interrupted, ErrorKinds.LedgerUnavailable),
        _ => ProviderLost,
    };

    private static SessionEnd Spent => new(
        WebSocketCloseStatus.PolicyViolation,
        "A limit of this key is used up.",
        LedgerOutcome.Interrupted,
        ErrorKinds.BudgetExhausted,
        new GatewayError(ErrorKinds.BudgetExhausted, "A limit of this key is used up: the session ends."));

    private static SessionEnd ClientLost => new(WebSocketCloseStatus.EndpointUnavailable, null, LedgerOutcome.Aborted);

    private static SessionEnd ProviderLost => new(WebSocketCloseStatus.InternalServerError, "The provider broke off.", LedgerOutcome.Interrupted, ErrorKinds.StreamCut);

    private SessionEnd TooLarge => new(WebSocketCloseStatus.MessageTooBig, $"A message is larger than {context.Snapshot.Limits.MaxEventBytes} bytes.", LedgerOutcome.Interrupted, ErrorKinds.StreamMalformed);

    private void OnSilence() => End(meter.HasOpen
        ? new SessionEnd(WebSocketCloseStatus.InternalServerError, "The provider fell silent.", LedgerOutcome.Interrupted, ErrorKinds.StreamStalled)
        : new SessionEnd(WebSocketCloseStatus.EndpointUnavailable, "The session was idle for too long.", LedgerOutcome.Completed));

    private void OnKeyCheck()
    {
        if (!isKeyGood(context))
            End(new SessionEnd(WebSocketCloseStatus.PolicyViolation, "The API key was revoked or disabled.", LedgerOutcome.Interrupted, ErrorKinds.DisabledKey));
    }

    private void OnClientGone() => End(ClientLost);

    private void OnStopping()
    {
        _isStopping = true;
        if (!meter.HasOpen)
            End(new SessionEnd(WebSocketCloseStatus.EndpointUnavailable, "The gateway is stopping.", LedgerOutcome.Interrupted));
    }

    private void End(SessionEnd end) => _end.TrySetResult(end);
}
