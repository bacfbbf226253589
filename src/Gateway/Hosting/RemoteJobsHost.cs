using Gateway.Admission.Directory;
using Gateway.Audit;
using Gateway.Budgets;
using Gateway.Configuration;
using Gateway.Configuration.Entities;
using Gateway.Events.Dapr;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Jobs.Health;
using Gateway.Jobs.Remote;
using Gateway.Jobs.Usage;
using Gateway.Providers;
using Gateway.Providers.Catalogue;
using Gateway.State.Dapr;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>Composes the jobs for a host of their own, over a Dapr sidecar.</summary>
internal sealed class RemoteJobsHost : IDisposable
{
    /// <summary>Where gateway.json is, if not in the working directory.</summary>
    public const string ConfigurationVariable = "GATEWAY_CONFIG";

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly GatewayConfig _config;
    private readonly DaprConnection _sidecar;
    private readonly DaprStateStore _state;
    private readonly DaprEventBus _bus;
    private readonly DirectoryService _directory;
    private readonly ModelCatalogue _models = ModelCatalogue.Load();
    private readonly Lazy<IReadOnlyList<ProviderSnapshot>> _providers;

    /// <summary>Composes them. Nothing is called yet.</summary>
    /// <param name="environment">
    /// Variables: those of gateway.json (of which the levels and limits, the providers, the names of Dapr components and the settings of jobs matter here),
    /// <c>GATEWAY_CONFIG</c>, Dapr's own, and <c>JOB_NAME_SCHEDULE</c> for each job.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Loggers.</param>
    /// <exception cref="FormatException">The configuration cannot be read; everything that is wrong is in the message.</exception>
    public RemoteJobsHost(IReadOnlyDictionary<string, string> environment, TimeProvider time, ILoggerFactory loggers)
    {
        (_environment, _time, _loggers) = (environment, time, loggers);
        _config = Load(environment);
        _providers = new(CompileProviders); // the configuration is read once
        _sidecar = DaprConnection.Open(environment);
        _state = new DaprStateStore(_sidecar.Client, new DaprStateOptions { Component = _config.State.Component, Timeout = _config.State.Timeout }, time);
        _bus = new DaprEventBus(_sidecar.Invoker, new DaprBusOptions { Component = _config.Events.Component, ApiToken = _sidecar.ApiToken }, time);
        _directory = new DirectoryService(
            new StateJournal(_state, AuditLog.JournalName, time), _state, new EntityFormat(), time, loggers.CreateLogger<DirectoryService>());
        _directory.Declare([.. EntityReferences.All(_config).Select(one => new EntityRecord(EntityKinds.Of(one.Entity), one.Entity, 0))]);
    }

    /// <summary>The jobs and the consumer, ready to be triggered. What they use is closed with them.</summary>
    public RemoteJobs Create()
    {
        var runner = new JobRunner(_state, _time, _loggers.CreateLogger<JobRunner>(), new JobRunnerOptions { Replica = $"jobs-{Guid.NewGuid().ToString("N")[..8]}" });
        return new RemoteJobs(Catalogue(), runner, _directory, new UsageConsumer(_state, _loggers.CreateLogger<UsageConsumer>()), _bus, _sidecar);
    }

    /// <summary>The jobs that run once for a deployment, at the times that variables say.</summary>
    /// <exception cref="FormatException">A variable says no schedule.</exception>
    public JobCatalogue Catalogue() => RemoteJobs.Schedule(
        AccountingJobs.Create(new AccountingPorts
        {
            State = _state,
            Events = _bus,
            Limits = () => LimitCompiler.Compile(_directory.Current),
            PricesAsOf = _models.Day,
            StalePrices = TimeSpan.FromDays(_config.Jobs.StalePriceDays),
            Time = _time,
            Loggers = _loggers,
        }).Concat(HealthJobs.Create(new HealthPorts
        {
            State = _state,
            Events = _bus,
            Providers = () => _providers.Value,
            ProbeInterval = TimeSpan.FromSeconds(_config.Jobs.ProbeSeconds),
            Time = _time,
            Loggers = _loggers,
        })),
        _environment);

    /// <summary>Closes what <see cref="Create"/> has not taken over.</summary>
    public void Dispose() => _sidecar.Dispose();

    // Secrets are the gateway's alone: a provider that answers without a key that it wants one is there. One that cannot be compiled without its secret is left out.
    private IReadOnlyList<ProviderSnapshot> CompileProviders() => [.. SnapshotCompiler.Compile(_config, new CompileInputs
    {
        Environment = _environment,
        Catalogue = _models,
        HashKey = static _ => new byte[32],
        Time = _time,
        Logger = _loggers.CreateLogger<RemoteJobsHost>(),
    }).Providers.Select(provider => provider.Snapshot with { Credentials = null })];

    private static GatewayConfig Load(IReadOnlyDictionary<string, string> environment)
    {
        var path = environment.GetValueOrDefault(ConfigurationVariable);
        var loaded = ConfigurationLoader.Load(path is { Length: > 0 } ? path : "gateway.json", environment, optional: string.IsNullOrEmpty(path));
        return loaded.IsValid
            ? loaded.Config!
            : throw new FormatException(string.Join(Environment.NewLine, loaded.Problems.Select(problem => $"{problem.Path} {problem.Message}").Prepend("The configuration has problems:")));
    }
}
