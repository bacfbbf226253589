using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Testing;

/// <summary>A real HTTP server on a loopback port that does with each request what the test says, and remembers the requests.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KestrelServer _server;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Script> _scripts = new();
    private readonly Lock _lock = new();
    private readonly List<UpstreamExchange> _exchanges = [];
    private readonly List<Exception> _failures = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedUpstream(TimeProvider time)
    {
        _time = time;
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;

        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        // Next to no buffer: a write is over when the kernel has its bytes, so that a cut loses nothing of what came before it.
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { MaxWriteBufferSize = 1 }), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(kestrel), transport, NullLoggerFactory.Instance);
    }

    /// <summary>Where to reach it: <c>http://127.0.0.1:PORT/v1</c>.</summary>
    public Uri BaseUri { get; private set; } = null!;

    /// <summary>What happens to requests when no script is queued. At first: 500.</summary>
    public Script Default { get; set; } = Script.Error(500, message: "no script is queued");

    /// <summary>The requests so far, in the order they came.</summary>
    public IReadOnlyList<UpstreamExchange> Exchanges
    {
        get
        {
            lock (_lock)
                return [.. _exchanges];
        }
    }

    /// <summary>What went wrong in scripts, other than the client leaving.</summary>
    public IReadOnlyList<Exception> Failures
    {
        get
        {
            lock (_lock)
                return [.. _failures];
        }
    }

    /// <summary>Starts an upstream on a free port.</summary>
    /// <param name="script">What it does with every request; the same as setting <see cref="Default"/>.</param>
    /// <param name="time">The clock of arrival times and delays; the system's when null.</param>
    public static async Task<ScriptedUpstream> StartAsync(Script? script = null, TimeProvider? time = null)
    {
        var upstream = new ScriptedUpstream(time ?? TimeProvider.System);
        if (script is not null)
            upstream.Default = script;
        await upstream._server.StartAsync(new Application(upstream), CancellationToken.None);
        upstream.BaseUri = new Uri(upstream._server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/v1");
        return upstream;
    }

    /// <summary>Adds scripts for the next requests, one each.</summary>
    public ScriptedUpstream Enqueue(params Script[] scripts)
    {
        foreach (var script in scripts)
            _scripts.Enqueue(script);
        return this;
    }

    /// <summary>Waits for the n-th request, counted from 1; at most 30 s.</summary>
    public async Task<UpstreamExchange> WaitForRequestAsync(int n = 1)
    {
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                if (_exchanges.Count >= n)
                    return _exchanges[n - 1];
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(Patience);
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var exchange = new UpstreamExchange(context, body.ToArray(), _time.GetUtcNow());
        var script = _scripts.TryDequeue(out var queued) ? queued : Default;
        Add(exchange);

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await script.RunAsync(exchange, _time, leaving.Token);
        }
        catch (Exception e)
        {
            if (!leaving.IsCancellationRequested)
            {
                lock (_lock)
                    _failures.Add(e);
            }

            context.Abort();
        }
        finally
        {
            exchange.Finish();
        }
    }

    private void Add(UpstreamExchange exchange)
    {
        TaskCompletionSource arrived;
        lock (_lock)
        {
            _exchanges.Add(exchange);
            arrived = _arrival;
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        arrived.SetResult();
    }

    private sealed class Application(ScriptedUpstream upstream) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => upstream.ServeAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
