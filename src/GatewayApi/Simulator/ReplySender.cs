using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace GatewayApi.Simulator;

/// <summary>Sends one reply at a model's pace and breaks it where the model's fault says so.</summary>
internal sealed class ReplySender(HttpContext context, SimulatorFault fault, SimulatorOptions options, TimeProvider time, CancellationToken cancellation)
{
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(5);

    /// <summary>Sends a stream of events.</summary>
    /// <param name="steps">Writes each event to <paramref name="frame"/> before it yields.</param>
    /// <param name="frame">Where the events are written.</param>
    /// <param name="tokens">How many token steps there will be.</param>
    /// <param name="seed">Picks the jitter.</param>
    public async Task StreamAsync(IEnumerable<ReplyStep> steps, EventFrame frame, int tokens, ulong seed)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        await SlowStartAsync();

        var pacer = new TokenPacer(options, time, seed);
        var began = false;
        var sent = 0;
        foreach (var step in steps)
        {
            if (step != ReplyStep.Preamble && !began)
            {
                began = true;
                await pacer.FirstAsync(cancellation);
            }

            if (step == ReplyStep.Token)
                await pacer.NextAsync(cancellation);
            if (step == ReplyStep.Done && fault == SimulatorFault.NoDone)
                continue;
            await WriteAsync(frame.Bytes);
            if (step == ReplyStep.Token && ++sent == Math.Max(1, tokens / 2) && await BreakAsync(frame))
                return;
        }
    }

    /// <summary>Sends a whole JSON body.</summary>
    public async Task BodyAsync(ReadOnlyMemory<byte> body, int tokens, ulong seed)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await SlowStartAsync();
        await new TokenPacer(options, time, seed).AllAsync(tokens, cancellation);

        switch (fault)
        {
            case SimulatorFault.Cut:
                await WriteAsync(body[..(body.Length / 2)]);
                await CutAsync();
                break;
            case SimulatorFault.Stall:
                await WriteAsync(body[..(body.Length / 2)]);
                await SilenceAsync();
                break;
            case SimulatorFault.Malformed:
                // As long as promised and cut off in the middle of a value: complete for HTTP, broken as JSON.
                var broken = body.ToArray();
                broken.AsSpan(broken.Length / 2).Fill((byte)'#');
                await WriteAsync(broken);
                break;
            default:
                await WriteAsync(body);
                break;
        }
    }

    /// <summary>Resets the connection: the client sees ECONNRESET.</summary>
    public void Reset()
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        context.Abort();
    }

    /// <summary>Sends nothing until the client leaves or the server stops.</summary>
    public Task SilenceAsync() => Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);

    // Only half closed until the client leaves: a full close would be a reset, which discards what the client hasn't read yet.
    private async Task CutAsync()
    {
        context.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(Task.Delay(Lingering, time, cancellation));
        context.Abort();
    }

    private async Task<bool> BreakAsync(EventFrame frame)
    {
        switch (fault)
        {
            case SimulatorFault.Cut:
                await CutAsync();
                return true;
            case SimulatorFault.Stall:
                await SilenceAsync();
                return true;
            case SimulatorFault.Malformed:
                frame.SetRaw("{\"id\":\"broken\",\"choices\":[{\"index\":0,\"del"u8);
                await WriteAsync(frame.Bytes);
                return false;
            default:
                return false;
        }
    }

    private async Task SlowStartAsync()
    {
        if (fault != SimulatorFault.SlowFirstToken)
            return;
        await context.Response.BodyWriter.FlushAsync(cancellation);
        await Task.Delay(options.SlowFirstToken, time, cancellation);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => await context.Response.BodyWriter.WriteAsync(bytes, cancellation);
}
