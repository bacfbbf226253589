using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Testing;

/// <summary>What an upstream does with one request: steps, in order. Immutable, so a script may serve many requests.</summary>
internal sealed class Script
{
    // Long enough for any client to notice the end of the connection and to leave.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(5);

    private readonly Action<HttpResponse>[] _head;
    private readonly Func<UpstreamExchange, TimeProvider, CancellationToken, Task>[] _steps;

    private Script(Action<HttpResponse>[] head, Func<UpstreamExchange, TimeProvider, CancellationToken, Task>[] steps)
    {
        _head = head;
        _steps = steps;
    }

    private static Script Empty { get; } = new([], []);

    /// <summary>Starts a reply; nothing is sent until a write or <see cref="SendHeaders"/>. Without a Content-Length header it is chunked.</summary>
    public static Script Reply(int status = 200, string? contentType = null) => Empty.WithHead(response =>
    {
        response.StatusCode = status;
        if (contentType is not null)
            response.ContentType = contentType;
    });

    /// <summary>A whole JSON reply with its Content-Length.</summary>
    public static Script Json(string body, int status = 200) => Json(Encoding.UTF8.GetBytes(body), status);

    /// <summary>A whole JSON reply with its Content-Length, byte for byte.</summary>
    public static Script Json(byte[] body, int status = 200) => Reply(status, "application/json").ContentLength(body.Length).Write(body);

    /// <summary>An error in OpenAI's shape.</summary>
    public static Script Error(int status, string? code = null, string type = "server_error", string message = "scripted")
    {
        var quoted = code is null ? "null" : "\"" + code + "\"";
        return Json("{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":" + quoted + "}}", status);
    }

    /// <summary>Starts an event stream.</summary>
    public static Script Stream() => Reply(200, "text/event-stream; charset=utf-8");

    /// <summary>An event stream with one flushed write per data event; <c>[DONE]</c> isn't added.</summary>
    public static Script Sse(params string[] data)
    {
        var script = Stream();
        foreach (var item in data)
            script = script.Event(item);
        return script;
    }

    /// <summary>An event stream made of exactly these writes.</summary>
    public static Script Chunks(IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        var script = Stream();
        foreach (var chunk in chunks)
            script = script.Write(chunk);
        return script;
    }

    /// <summary>Does whatever the handler does.</summary>
    public static Script Handle(Func<UpstreamExchange, Task> handler) => Empty.Then((exchange, _, _) => handler(exchange));

    /// <summary>Resets the connection without a byte.</summary>
    public static Script Reset() => Empty.ThenReset();

    /// <summary>Never answers: waits for the client to leave.</summary>
    public static Script Silence() => Empty.ThenHang();

    /// <summary>Adds a response header, wherever in the chain it is called.</summary>
    public Script Header(string name, string value) => WithHead(response => response.Headers.Append(name, value));

    /// <summary>Promises a length in bytes. A script that writes less should end with <see cref="ThenClose"/>.</summary>
    public Script ContentLength(long length) => WithHead(response => response.ContentLength = length);

    /// <summary>Sends status and headers alone.</summary>
    public Script SendHeaders() => Then((exchange, _, cancellation) => exchange.Context.Response.Body.FlushAsync(cancellation));

    /// <summary>Writes bytes and waits until the kernel has them.</summary>
    public Script Write(ReadOnlyMemory<byte> bytes) =>
        Then(async (exchange, _, cancellation) => await exchange.Context.Response.BodyWriter.WriteAsync(bytes, cancellation));

    /// <summary>Writes text as UTF-8 and waits until the kernel has it.</summary>
    public Script Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes one data event.</summary>
    public Script Event(string data) => Write("data: " + data + "\n\n");

    /// <summary>Writes <c>data: [DONE]</c>.</summary>
    public Script Done() => Event("[DONE]");

    /// <summary>Waits for a signal of the test, or for the client to leave.</summary>
    public Script Wait(Task signal) => Then((_, _, cancellation) => signal.WaitAsync(cancellation));

    /// <summary>Waits on the upstream's clock.</summary>
    public Script Delay(TimeSpan delay) => Then((_, time, cancellation) => Task.Delay(delay, time, cancellation));

    /// <summary>Says something to the test: completes the signal.</summary>
    public Script Signal(TaskCompletionSource signal) => Then(_ => signal.TrySetResult());

    /// <summary>Ends with a TCP reset; bytes written before may be lost to the client.</summary>
    public Script ThenReset() => Then(exchange =>
    {
        Socket(exchange).LingerState = new LingerOption(enable: true, seconds: 0);
        exchange.Context.Abort();
    });

    /// <summary>Ends with a FIN in the middle of the reply: short of its Content-Length, or without the last chunk.</summary>
    public Script ThenClose() => Then(async (exchange, _, cancellation) =>
    {
        // Only half closed until the client leaves: a full close would be a reset, which discards what the client hasn't read yet.
        Socket(exchange).Shutdown(SocketShutdown.Send);
        await Task.WhenAny(Task.Delay(Lingering, cancellation));
        exchange.Context.Abort();
    });

    /// <summary>Keeps the connection open in silence until the client leaves.</summary>
    public Script ThenHang() => Then((_, _, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation));

    /// <summary>Then does whatever the step does, until the client leaves.</summary>
    public Script Then(Func<UpstreamExchange, CancellationToken, Task> step) => Then((exchange, _, cancellation) => step(exchange, cancellation));

    internal async Task RunAsync(UpstreamExchange exchange, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var head in _head)
            head(exchange.Context.Response);
        foreach (var step in _steps)
            await step(exchange, time, cancellation);
    }

    private Script Then(Func<UpstreamExchange, TimeProvider, CancellationToken, Task> step) => new(_head, [.. _steps, step]);

    private Script WithHead(Action<HttpResponse> head) => new([.. _head, head], _steps);

    private Script Then(Action<UpstreamExchange> step) => Then((exchange, _, _) =>
    {
        step(exchange);
        return Task.CompletedTask;
    });

    private static Socket Socket(UpstreamExchange exchange) =>
        exchange.Context.Features.Get<IConnectionSocketFeature>()!.Socket;
}
