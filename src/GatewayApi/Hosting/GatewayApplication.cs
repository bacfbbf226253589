using System.Net.Sockets;
using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Admission.Tokens;
using Gateway.Audit;
using Gateway.Budgets;
using Gateway.Configuration;
using Gateway.Configuration.Entities;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Providers.Catalogue;
using Gateway.Routing;
using Gateway.Routing.Affinity;
using Gateway.Routing.Attempts;
using Gateway.Routing.Fallbacks;
using Gateway.Routing.Health;
using Gateway.Routing.Realtime;
using Gateway.Routing.Rules;
using Gateway.Routing.Stored;
using Gateway.Secrets;
using Gateway.State;
using Gateway.State.Embedded;
using Gateway.State.Journal;
using Gateway.Surfaces;
using Gateway.Transport;
using GatewayApi.Endpoints;
using GatewayApi.Endpoints.Admin;
using GatewayApi.Login;
using GatewayApi.Telemetry;

namespace GatewayApi.Hosting;

/// <summary>The composition root: the only place that sees every room.</summary>
internal static class GatewayApplication
{
    /// <summary>Builds the host. It has not started to listen yet.</summary>
    /// <exception cref="ConfigurationException">The configuration has problems; all of them are in it.</exception>
    public static async Task<WebApplication> BuildAsync(GatewayStartup startup)
    {
        var loaded = ConfigurationLoader.Load(startup.ConfigurationPath, startup.Environment, startup.ConfigurationIsOptional);
        var config = loaded.IsValid ? loaded.Config! : throw ConfigurationCheckup.Exception(startup);

        // Before there are threads of the pool, which inherit it.
        var refused = startup.OwnsProcess && config.Server.BatchScheduling ? ThreadScheduling.Apply() : null;

        // Empty: gateway.json and GATEWAY__ variables are the only configuration, and no file but ours is looked for or watched.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "GatewayApi" });
        OpenTelemetrySetup.PassVariables(builder.Configuration, startup.Environment);
        ServerSetup.Configure(builder, config);
        var services = builder.Services;
        services.AddRoutingCore();
        services.AddSingleton(startup);
        services.AddSingleton(startup.Time);
        services.AddSingleton(config);
        services.AddSingleton<IModelCatalogue>(_ => ModelCatalogue.Load());
        services.AddSingleton<DataStores>();
        services.AddSingleton(s => s.GetRequiredService<DataStores>().Ledger);
        services.AddSingleton<StatePorts>();
        services.AddSingleton(s => s.GetRequiredService<StatePorts>().State);
        services.AddSingleton(s => s.GetRequiredService<StatePorts>().Events);
        services.AddSingleton(s => new StateJournal(s.GetRequiredService<IStateStore>(), AuditLog.JournalName, startup.Time));
        services.AddSingleton<IJournal>(s => s.GetRequiredService<StateJournal>());
        services.AddSingleton<IEntityFormat, EntityFormat>();
        services.AddSingleton<DirectoryService>();
        services.AddSingleton<IDirectory>(s => s.GetRequiredService<DirectoryService>());
        services.AddSingleton<KeyOperations>();
        services.AddSingleton<LazySimulator>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton(s => s.GetRequiredService<FirstRun>().Hasher);
        services.AddSingleton(s => s.GetRequiredService<FirstRun>().AdminKey);
        services.AddSingleton<LiveConfiguration>();
        services.AddSingleton(s => s.GetRequiredService<LiveConfiguration>().Snapshots);
        services.AddSingleton(s => s.GetRequiredService<LiveConfiguration>().Keys);
        services.AddSingleton<Readiness>();
        services.AddSingleton(_ => new UpstreamClients(roots: startup.UpstreamRoots));
        services.AddSingleton<TargetStates>();
        services.AddSingleton(static s => new StickyTargets(s.GetRequiredService<IStateStore>()));
        services.AddSingleton<DecisionLog>();
        services.AddSingleton<MediaFetcher>();
        services.AddSingleton<TokenEstimator>();
        services.AddSingleton<DenialStage>();
        services.AddSingleton<OverloadStage>();
        services.AddSingleton<FairQueue>();
        services.AddLimits();
        services.AddSemanticIndex(config);
        services.AddRules();
        services.AddJobs();
        services.AddAdmin(startup);
        services.AddLogin(config.Login, startup.Time);
        services.AddSingleton<GatewayTraces>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<PrometheusMetrics>();
        services.AddSingleton<ReplyObservers>();
        services.AddSingleton(CreatePipeline);
        services.AddKeyedSingleton(SurfaceEndpoints.CountPipeline, static (s, _) => CreateCountPipeline(s));
        services.AddKeyedSingleton(StoredEndpoints.Pipeline, static (s, _) => CreateStoredPipeline(s));
        services.AddSingleton<SessionDrain>();
        services.AddKeyedSingleton(RealtimeEndpoints.Pipeline, static (s, _) => CreateRealtimePipeline(s));
        services.AddGatewayOpenTelemetry(startup.Environment);
        services.AddHostedService<Drain>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = config.Server.DrainDelay + config.Server.Drain);
        GatewayOpenApi.Add(services);

        var app = builder.Build();
        if (refused is not null)
            ThreadScheduling.LogRefused(app.Logger, refused);
        try
        {
            await app.Services.GetRequiredService<DataStores>().OpenAsync();
            await app.Services.GetRequiredService<LiveConfiguration>().StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        MapEndpoints(app, config);
        FollowLifetime(app);
        return app;
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="StartException">An address cannot be listened on.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            var server = app.Services.GetRequiredService<GatewayConfig>().Server;
            var urls = string.Join(", ", server.Urls.Concat(server.Http2Urls));
            throw new StartException($"The gateway cannot listen on {urls}: {e.Message}", e);
        }
    }

    private static RequestPipeline CreatePipeline(IServiceProvider services)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        return new RequestPipeline(
            new DeliveryStage(loggers.CreateLogger<DeliveryStage>(), services.GetRequiredService<DecisionLog>()),
            services.GetRequiredService<DenialStage>(),
            services.GetRequiredService<OverloadStage>(),
            new AdmissionStage(services.GetRequiredService<KeyRingHolder>(), services.GetService<ICallerTokens>()),
            new FairQueueStage(services.GetRequiredService<FairQueue>()),
            new MeteringStage(services.GetRequiredService<Ledger>(), services.GetRequiredService<TokenEstimator>(), services.GetRequiredService<ReplyObservers>(), loggers.CreateLogger<MeteringStage>()),
            new IntakeStage(),
            new RoutingStage(),
            new AccessStage(),
            services.GetRequiredService<RuleStage>(),
            new FallbackStage(),
            new StickyStage(services.GetRequiredService<StickyTargets>()),
            new TargetCheckStage(),
            services.GetRequiredService<BudgetStage>(),
            new AttemptStage(services.GetRequiredService<UpstreamClients>(), new Translation(new MediaInliner(services.GetRequiredService<MediaFetcher>())), services.GetRequiredService<TokenEstimator>()));
    }

    private static RequestPipeline CreateStoredPipeline(IServiceProvider services)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var (ledger, observers) = (services.GetRequiredService<Ledger>(), services.GetRequiredService<ReplyObservers>());
        var objects = services.GetRequiredService<DataStores>().Objects;
        return new RequestPipeline(
            new DeliveryStage(loggers.CreateLogger<DeliveryStage>()),
            services.GetRequiredService<DenialStage>(),
            services.GetRequiredService<OverloadStage>(),
            new AdmissionStage(services.GetRequiredService<KeyRingHolder>(), services.GetService<ICallerTokens>()),
            new FairQueueStage(services.GetRequiredService<FairQueue>()),
            new MeteringStage(ledger, services.GetRequiredService<TokenEstimator>(), observers, loggers.CreateLogger<MeteringStage>()),
            services.GetRequiredService<StoredBudgetStage>(),
            new StoredStage(
                new StoredCalls(services.GetRequiredService<UpstreamClients>()),
                new IdSeal(services.GetRequiredService<KeyHasher>().Hash(IdSeal.Purpose)),
                objects,
                new BatchSettlement(ledger, observers, objects)));
    }

    private static RequestPipeline CreateCountPipeline(IServiceProvider services) => new(
        new DeliveryStage(services.GetRequiredService<ILoggerFactory>().CreateLogger<DeliveryStage>()),
        services.GetRequiredService<DenialStage>(),
        services.GetRequiredService<OverloadStage>(),
        new AdmissionStage(services.GetRequiredService<KeyRingHolder>(), services.GetService<ICallerTokens>()),
        new FairQueueStage(services.GetRequiredService<FairQueue>()),
        new IntakeStage(),
        new RoutingStage(),
        new AccessStage(),
        new TokenCountStage(services.GetRequiredService<TokenEstimator>()));

    private static RequestPipeline CreateRealtimePipeline(IServiceProvider services)
    {
        var (keys, tokens) = (services.GetRequiredService<KeyRingHolder>(), services.GetService<ICallerTokens>());
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var (ledger, observers) = (services.GetRequiredService<Ledger>(), services.GetRequiredService<ReplyObservers>());
        return new RequestPipeline(
            new DeliveryStage(loggers.CreateLogger<DeliveryStage>(), services.GetRequiredService<DecisionLog>()),
            services.GetRequiredService<DenialStage>(),
            services.GetRequiredService<OverloadStage>(),
            new AdmissionStage(keys, tokens),
            new FairQueueStage(services.GetRequiredService<FairQueue>()),
            new MeteringStage(ledger, services.GetRequiredService<TokenEstimator>(), observers, loggers.CreateLogger<MeteringStage>()),
            new SocketIntakeStage(),
            new RoutingStage(),
            new AccessStage(),
            services.GetRequiredService<RuleStage>(),
            new FallbackStage(),
            new TargetCheckStage(),
            services.GetRequiredService<BudgetStage>(),
            new RealtimeStage(
                services.GetRequiredService<UpstreamClients>(), ledger, observers, services.GetRequiredService<SessionDrain>(), context => keys.Current.Holds(context.Key!) || tokens?.Holds(context.Key!) == true, loggers.CreateLogger<RealtimeMeter>()));
    }

    private static void MapEndpoints(WebApplication app, GatewayConfig config)
    {
        var paths = new OperationPaths();
        app.UseMiddleware<RequestIdMiddleware>();
        app.Use(next => http => paths.Find(http.Request) is { } serve ? serve(http) : next(http));
        app.UseRouting();
        // After the paths of models, which have left by then. Without a place of its own it would be put before them.
        if (config.Login?.Oidc is not null)
            app.UseAuthentication();
        app.MapSurfaces(DialectRegistry.For, paths);
        app.MapStored();
        app.MapRealtime();
        ModelEndpoints.Map(app);
        app.MapHealth();
        app.MapUsage();
        app.MapDecisions();
        app.MapAdmin();
        app.MapDapr();
        app.MapLogin();
        GatewayOpenApi.Map(app);
        if (config.Telemetry.MetricsEnabled)
            app.MapMetrics();
        app.MapUnknown();
    }

    private static void FollowLifetime(WebApplication app)
    {
        var services = app.Services;
        GatewayGauges.Observe(services);
        var readiness = services.GetRequiredService<Readiness>();
        var firstRun = services.GetRequiredService<FirstRun>();
        app.Lifetime.ApplicationStopping.Register(readiness.Drain); // what a signal brings about first, before hosted services hear of it
        app.Lifetime.ApplicationStarted.Register(() => firstRun.Greet(app.Urls.First()));
    }
}
