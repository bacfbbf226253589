using System.Net;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TestSidecar.Faults;
using TestSidecar.Messages;
using TestSidecar.Runtime;
using TestSidecar.State;

namespace TestSidecar;

/// <summary>
/// A sidecar that speaks the part of the Dapr runtime's API that the gateway uses, with the documented semantics over memory or a real Redis, and
/// with faults on demand.
/// </summary>
public sealed class Sidecar : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EventDelivery _delivery;

    private Sidecar(WebApplication app)
    {
        _app = app;
        _delivery = app.Services.GetRequiredService<EventDelivery>();
        Faults = app.Services.GetRequiredService<FaultBoard>();
        var addresses = app.Urls.Select(url => new Uri(url)).ToList();
        (HttpAddress, GrpcAddress) = (addresses[0], addresses[1]);
    }

    /// <summary>The HTTP API: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri HttpAddress { get; }

    /// <summary>The gRPC API, cleartext HTTP/2.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>What goes wrong; the same as <c>/faults</c>.</summary>
    public FaultBoard Faults { get; }

    /// <summary>Deliveries that an application accepted.</summary>
    public long Delivered => _delivery.Delivered;

    /// <summary>Events that were dropped for good.</summary>
    public long Dropped => _delivery.Dropped;

    /// <summary>Starts to listen.</summary>
    public static async Task<Sidecar> StartAsync(SidecarOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, options.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var services = builder.Services;
        services.AddGrpc();
        services.AddSingleton(options);
        services.AddSingleton<FaultBoard>();
        services.AddSingleton<CallFaults>();
        services.AddSingleton<RuntimeSecrets>();
        services.AddSingleton<RuntimeState>();
        services.AddSingleton<AppClient>();
        services.AddSingleton<EventDelivery>();
        services.AddSingleton<RuntimeService>();
        services.AddSingleton<IServiceMethodProvider<RuntimeService>, RuntimeMethods>();
        await Stores.AddAsync(services, options);

        var app = builder.Build();
        app.MapGrpcService<RuntimeService>();
        FaultApi.Map(app, app.Services.GetRequiredService<FaultBoard>());
        HttpApi.Map(
            app, options, app.Services.GetRequiredService<RuntimeState>(), app.Services.GetRequiredService<EventDelivery>(), app.Services.GetRequiredService<FaultBoard>());
        await app.StartAsync();
        var sidecar = new Sidecar(app);
        foreach (var address in options.Apps)
            sidecar.Add(address);
        return sidecar;
    }

    /// <summary>Delivers to an application too.</summary>
    public void Add(AppAddress app) => _delivery.Add(app);

    /// <summary>No longer delivers to an application.</summary>
    public void Remove(AppAddress app) => _delivery.Remove(app);

    /// <summary>Completes when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
