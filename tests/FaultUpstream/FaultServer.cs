using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FaultUpstream.Catalogue;
using FaultUpstream.Http1;
using FaultUpstream.Http2;

namespace FaultUpstream;

/// <summary>
/// A provider that goes wrong as it is told, on a loopback port of its own. It writes its own HTTP, so that it can break every rule of it.
/// What goes wrong is said by the model's schedule, or by its name: <c>reset</c> and <c>reset.anything</c> have the fault <c>reset</c>.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly FaultServerOptions _options;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly ConcurrentDictionary<string, FaultSchedule> _schedules = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SeenRequest>> _seen = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly Task _accepting;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _accepted;
    private int _serving;

    private FaultServer(FaultServerOptions options)
    {
        _options = options;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        var port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        BaseUri = options.Certificate is null ? new Uri($"http://127.0.0.1:{port}/v1") : new Uri($"https://localhost:{port}/v1");
        _accepting = AcceptAsync();
    }

    /// <summary>Where to reach it.</summary>
    public Uri BaseUri { get; }

    /// <summary>Connections so far, those that never came to a request too.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that are open.</summary>
    public int Open => _connections.Count;

    /// <summary>Requests that are being answered.</summary>
    public int Serving => Volatile.Read(ref _serving);

    /// <summary>Requests so far, of all models.</summary>
    public int Requests => _counts.Values.Sum();

    /// <summary>What went wrong that was not meant to.</summary>
    public IReadOnlyList<Exception> Failures => [.. _failures];

    internal FaultServerOptions Options => _options;

    /// <summary>Starts one.</summary>
    public static FaultServer Start(FaultServerOptions? options = null) => new(options ?? new FaultServerOptions());

    /// <summary>Says what goes wrong with a model's requests.</summary>
    public FaultServer Plan(string model, FaultSchedule schedule)
    {
        _schedules[model] = schedule;
        return this;
    }

    /// <summary>What arrived for a model, in order.</summary>
    public IReadOnlyList<SeenRequest> Seen(string model) => _seen.TryGetValue(model, out var seen) ? [.. seen] : [];

    /// <summary>Waits for a model's n-th request.</summary>
    /// <param name="model">The model.</param>
    /// <param name="n">Counted from 1.</param>
    /// <exception cref="TimeoutException">It did not come within 30 s.</exception>
    public async Task<SeenRequest> WaitAsync(string model, int n = 1)
    {
        while (true)
        {
            var arrival = Volatile.Read(ref _arrival);
            if (Seen(model) is { } seen && seen.Count >= n)
                return seen[n - 1];
            await arrival.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    /// <summary>Takes up a request: counts it, and does with it what is planned.</summary>
    internal async Task ServeAsync(SeenRequest request, ReplyPort port)
    {
        Interlocked.Increment(ref _serving);
        Note(request);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(port.Gone, _stopping.Token);
        await using var registration = port.Gone.Register(request.Leave);
        var exchange = new Exchange(request, port, _options, leaving.Token);
        try
        {
            await (request.Fault is { } fault ? fault.ActAsync(exchange) : exchange.AnswerAsync());
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            port.KeepsAlive = false; // the client left
            request.Leave();
        }
        finally
        {
            Interlocked.Decrement(ref _serving);
            request.End();
        }
    }

    private void Note(SeenRequest request)
    {
        request.Number = _counts.AddOrUpdate(request.Model, 1, static (_, n) => n + 1);
        var schedule = _schedules.TryGetValue(request.Model, out var own) ? own : _options.Schedule ?? ByName;
        request.Fault = schedule(request);
        if (!_options.Remembers)
            return;
        _seen.GetOrAdd(request.Model, static _ => new()).Enqueue(request);
        Interlocked.Exchange(ref _arrival, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private static Fault? ByName(SeenRequest request) => Faults.Find(request.Model.Split('.')[0]) is { } fault ? Schedules.Of(fault)(request) : null;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                var serving = ConnectAsync(socket);
                _connections[serving] = true;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ConnectAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await using var network = new NetworkStream(socket, ownsSocket: true);
            await using var _ = _stopping.Token.Register(socket.Dispose);
            if (_options.Certificate is not { } certificate)
            {
                await new Http1Connection(this, socket, network).RunAsync();
                return;
            }

            await using var tls = new SslStream(network);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] }, _stopping.Token);
            if (tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2)
            {
                using var connection = new Http2Connection(this, socket, tls);
                await connection.RunAsync();
            }
            else
            {
                await new Http1Connection(this, socket, tls).RunAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client left, or does not trust the certificate, or the server stops.
        }
        catch (Exception e)
        {
            _failures.Enqueue(e);
            socket.Dispose();
        }
    }
}
