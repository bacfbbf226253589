using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Providers.Catalogue;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.State.Embedded;
using Gateway.Surfaces;
using Gateway.Transport;
using GatewayApi.Endpoints;
using GatewayApi.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GatewayApi.Hosting;

/// <summary>The composition root: the only place that sees every room.</summary>
internal static class GatewayApplication
{
    /// <summary>Builds the host. It has not started to listen yet.</summary>
    /// <exception cref="ConfigurationException">The configuration has problems; all of them are in it.</exception>
    public static async Task<WebApplication> BuildAsync(GatewayStartup startup)
    {
        var config = ConfigurationHost.Load(startup);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(GatewayApplication).Assembly.GetName().Name });
        builder.Configuration.Sources.Clear(); // gateway.json and GATEWAY__ variables are the only configuration
        ConfigureLogging(builder.Logging, config.Logging);
        ConfigureServer(builder, config);

        var data = Path.GetFullPath(config.Server.DataDirectory);
        Directory.CreateDirectory(data);
        var database = SqliteDatabase.Open(Path.Combine(data, "gateway.db"));
        var loggers = LoggerFactory.Create(logging => ConfigureLogging(logging, config.Logging));
        var ledger = await Ledger.OpenAsync(config.Ledger.ToOptions(data), database, startup.Time, loggers.CreateLogger<Ledger>());
        var firstRun = new FirstRun(new KeyStore(database, startup.Time), startup);
        var hasher = firstRun.LoadHasher();
        var host = new ConfigurationHost(startup, ModelCatalogue.Load(), hasher.Hash);
        var snapshots = new SnapshotHolder(await host.CompileAsync(config));
        var keys = new KeyRingHolder(new KeyRing(hasher, firstRun.LoadKeys(hasher, snapshots.Current, out var newKey)));

        var services = builder.Services;
        services.AddSingleton(startup);
        services.AddSingleton(startup.Time);
        services.AddSingleton(snapshots);
        services.AddSingleton(keys);
        services.AddSingleton(_ => ledger);
        services.AddSingleton(_ => database);
        services.AddSingleton(_ => host);
        services.AddSingleton(firstRun.LoadAdminKey(hasher));
        services.AddSingleton<Readiness>();
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton<TokenEstimator>();
        services.AddSingleton<OverloadStage>();
        services.AddSingleton<GatewayTraces>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<PrometheusMetrics>();
        services.AddSingleton(CreatePipeline);
        services.AddHostedService<ConfigurationReloading>();
        services.AddGatewayOpenTelemetry(startup.Environment);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = config.Server.Drain);
        GatewayOpenApi.Add(services);

        var app = builder.Build();
        loggers.Dispose();
        ObserveGauges(app.Services);
        app.UseMiddleware<UnknownEndpointMiddleware>();
        app.MapOpenAi();
        app.MapModels();
        app.MapHealth();
        app.MapLedger();
        GatewayOpenApi.Map(app);
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<Readiness>().Drain);
        app.Lifetime.ApplicationStarted.Register(() =>
            firstRun.Greet(app.Urls.First(), data, newKey, snapshots.Current.Models.Listed.FirstOrDefault(r => r.Targets[0].Card?.Mode == "chat")?.Name ?? "simulator/chat"));
        return app;
    }

    private static RequestPipeline CreatePipeline(IServiceProvider services)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        return new RequestPipeline(
            new DeliveryStage(loggers.CreateLogger<DeliveryStage>()),
            services.GetRequiredService<OverloadStage>(),
            new AdmissionStage(services.GetRequiredService<KeyRingHolder>()),
            new MeteringStage(services.GetRequiredService<Ledger>(), services.GetRequiredService<TokenEstimator>(), services.GetRequiredService<GatewayMetrics>(), loggers.CreateLogger<MeteringStage>()),
            new IntakeStage(),
            new RoutingStage(),
            new AccessStage(),
            new AttemptStage(services.GetRequiredService<UpstreamClients>()));
    }

    private static void ConfigureServer(WebApplicationBuilder builder, GatewayConfig config)
    {
        builder.WebHost.UseUrls([.. config.Server.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // the intake refuses with an error the client's SDK understands
            kestrel.Limits.MaxConcurrentConnections = config.Limits.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        });
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LoggingConfig config)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(config.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Its only error is the exception that ends an incomplete reply; what fails in our own code is logged by our own barrier.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        if (config.IsJson)
            logging.AddJsonConsole(options => options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        else
            logging.AddSimpleConsole(options => options.SingleLine = true);
    }

    private static void ObserveGauges(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<GatewayMetrics>();
        services.GetRequiredService<PrometheusMetrics>();
        var overload = services.GetRequiredService<OverloadStage>();
        var ledger = services.GetRequiredService<Ledger>();
        var readiness = services.GetRequiredService<Readiness>();
        metrics.ObserveGauge("gateway.requests.active", "{request}", "Requests being served.", () => overload.Requests);
        metrics.ObserveGauge("gateway.requests.bytes", "By", "Bytes of request bodies held.", () => overload.Bytes);
        metrics.ObserveGauge("gateway.ledger.lag", "{entry}", "Ledger entries written but not yet queryable.", () => ledger.LagEntries);
        metrics.ObserveGauge("gateway.configuration.epoch", "{epoch}", "Configurations taken since the start.", () => readiness.Epoch);
    }
}
