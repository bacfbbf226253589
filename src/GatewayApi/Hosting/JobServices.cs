using Gateway.Admission.Directory;
using Gateway.Caching.Semantic;
using Gateway.Configuration;
using Gateway.Events;
using Gateway.Events.Embedded;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Jobs.Caching;
using Gateway.Jobs.Health;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.Providers.Catalogue;
using Gateway.Routing.Health;
using Gateway.State;

namespace GatewayApi.Hosting;

/// <summary>Composes what is done outside requests.</summary>
internal static class JobServices
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton(s => s.GetRequiredService<DataStores>().Outbox);
        services.AddSingleton<UsageConsumer>();
        services.AddSingleton<UsageReport>();
        services.AddSingleton(CreatePublisher);
        services.AddSingleton(CreateCatalogue);
        services.AddSingleton(CreateRunner);
        services.AddSingleton<JobScheduler>();
        services.AddHostedService<JobHost>();
        services.AddSingleton(CreateExchange);
        services.AddSingleton(CreateWatch);
        services.AddHostedService<HealthHost>();
    }

    private static HealthExchange CreateExchange(IServiceProvider services) => new(
        services.GetRequiredService<IStateStore>(),
        services.GetRequiredService<TargetStates>(),
        services.GetRequiredService<Ledger>().Replica,
        services.GetRequiredService<TimeProvider>());

    private static HealthWatch CreateWatch(IServiceProvider services)
    {
        var (time, live) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<LiveConfiguration>());
        return new HealthWatch(
            services.GetRequiredService<HealthExchange>(), new OutlierWatch(time), () => live.Snapshots.Current.Models.Listed, time, services.GetRequiredService<ILogger<HealthWatch>>());
    }

    private static UsagePublisher CreatePublisher(IServiceProvider services) => new(
        services.GetRequiredService<Ledger>(),
        services.GetRequiredService<UsageOutbox>(),
        services.GetRequiredService<IEventBus>(),
        services.GetRequiredService<IStateStore>(),
        services.GetRequiredService<IEventBus>() is InProcessEventBus ? services.GetRequiredService<UsageConsumer>() : null,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<UsagePublisher>>());

    private static JobRunner CreateRunner(IServiceProvider services) => new(
        services.GetRequiredService<IStateStore>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<JobRunner>>(),
        new JobRunnerOptions { Replica = services.GetRequiredService<Ledger>().Replica });

    private static JobCatalogue CreateCatalogue(IServiceProvider services)
    {
        var config = services.GetRequiredService<GatewayConfig>();
        var directory = services.GetRequiredService<IDirectory>();
        var jobs = AccountingJobs.Create(new AccountingPorts
        {
            State = services.GetRequiredService<IStateStore>(),
            Events = services.GetRequiredService<IEventBus>(),
            Limits = () => LimitCompiler.Compile(directory.Current),
            PricesAsOf = ((ModelCatalogue)services.GetRequiredService<IModelCatalogue>()).Day,
            StalePrices = TimeSpan.FromDays(config.Jobs.StalePriceDays),
            Own = (services.GetRequiredService<Ledger>(), services.GetRequiredService<UsageOutbox>()),
            KeepLedger = config.Ledger.KeepDays is { } days ? TimeSpan.FromDays(days) : null,
            Time = services.GetRequiredService<TimeProvider>(),
            Loggers = services.GetRequiredService<ILoggerFactory>(),
        }).Concat(HealthJobs.Create(new HealthPorts
        {
            State = services.GetRequiredService<IStateStore>(),
            Events = services.GetRequiredService<IEventBus>(),
            Providers = () => services.GetRequiredService<SnapshotHolder>().Current.Providers.Values,
            ProbeInterval = TimeSpan.FromSeconds(config.Jobs.ProbeSeconds),
            Time = services.GetRequiredService<TimeProvider>(),
            Loggers = services.GetRequiredService<ILoggerFactory>(),
        }));
        jobs = jobs.Append(new SweepSemanticIndex(services.GetRequiredService<ISemanticIndex>()));
        // Where Functions run the jobs, what lies on this replica's disk is still its own to keep in order.
        return new JobCatalogue(jobs.Where(job => config.Jobs.InProcess || job.Scope == JobScope.Replica));
    }
}
