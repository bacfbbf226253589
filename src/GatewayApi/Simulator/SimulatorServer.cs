using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GatewayApi.Simulator;

/// <summary>An OpenAI-compatible provider on a loopback port of its own, so that it is reached as any other provider is.</summary>
/// <remarks>A bare Kestrel: without hosting it reads no configuration, handles no signals and leaves no metrics or traces of its own.</remarks>
internal sealed class SimulatorServer : IAsyncDisposable
{
    // Larger than any body the gateway forwards by default; the gateway's own limit is the one callers meet.
    private const long MostRequestBytes = 256L << 20;

    private readonly KestrelServer _server;
    private readonly CancellationTokenSource _stopping;

    private SimulatorServer(KestrelServer server, CancellationTokenSource stopping, Uri baseUri)
    {
        _server = server;
        _stopping = stopping;
        BaseUri = baseUri;
    }

    /// <summary>Where to reach it: <c>http://127.0.0.1:PORT/v1</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>Starts a simulator on a free port.</summary>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = MostRequestBytes;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;

        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);

        var logs = NullLoggerFactory.Instance;
        // Next to no buffer: a write is over when the kernel has its bytes, so that a cut loses nothing of what came before it.
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { MaxWriteBufferSize = 1 }), logs);
        var server = new KestrelServer(Options.Create(kestrel), transport, logs);
        var stopping = new CancellationTokenSource();
        try
        {
            await server.StartAsync(new SimulatorApplication(options, time, stopping.Token), cancellation);
            var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
            return new SimulatorServer(server, stopping, new Uri(address + "/v1"));
        }
        catch
        {
            server.Dispose();
            stopping.Dispose();
            throw;
        }
    }

    /// <summary>Stops at once: replies under way are aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _stopping.Dispose();
    }
}
