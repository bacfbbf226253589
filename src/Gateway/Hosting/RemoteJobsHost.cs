using System.Globalization;
using Gateway.Admission.Directory;
using Gateway.Audit;
using Gateway.Budgets;
using Gateway.Configuration;
using Gateway.Configuration.Entities;
using Gateway.Events.Dapr;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Jobs.Remote;
using Gateway.Jobs.Usage;
using Gateway.Providers.Catalogue;
using Gateway.State.Dapr;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>Composes the jobs for a host of their own, over a Dapr sidecar.</summary>
internal static class RemoteJobsHost
{
    /// <summary>Where gateway.json is, if not in the working directory.</summary>
    public const string ConfigurationVariable = "GATEWAY_CONFIG";

    /// <summary>Composes them. Nothing is called yet.</summary>
    /// <param name="environment">
    /// Variables: those of gateway.json (of which the levels and limits, the names of Dapr components and the settings of jobs matter here), <c>GATEWAY_CONFIG</c>,
    /// Dapr's own, and <c>JOB_NAME_SCHEDULE</c> for each job.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Loggers.</param>
    /// <exception cref="FormatException">The configuration cannot be read; everything that is wrong is in the message.</exception>
    public static RemoteJobs Create(IReadOnlyDictionary<string, string> environment, TimeProvider time, ILoggerFactory loggers)
    {
        var config = Load(environment);
        var sidecar = DaprConnection.Open(environment);
        var state = new DaprStateStore(sidecar.Client, new DaprStateOptions { Component = config.State.Component, Timeout = config.State.Timeout }, time);
        var bus = new DaprEventBus(sidecar.Invoker, new DaprBusOptions { Component = config.Events.Component, ApiToken = sidecar.ApiToken }, time);
        var directory = new DirectoryService(
            new StateJournal(state, AuditLog.JournalName, time), state, new EntityFormat(), time, loggers.CreateLogger<DirectoryService>());
        directory.Declare([.. EntityReferences.All(config).Select(one => new EntityRecord(EntityKinds.Of(one.Entity), one.Entity, 0))]);
        var jobs = AccountingJobs.Create(new AccountingPorts
        {
            State = state,
            Events = bus,
            Limits = () => directory.Current.Entities.Values.SelectMany(record => LimitCompiler.Compile(record.Kind, record.Value)),
            PricesAsOf = DateOnly.ParseExact(ModelCatalogue.Load().AsOf, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            StalePrices = TimeSpan.FromDays(config.Jobs.StalePriceDays),
            Time = time,
            Loggers = loggers,
        });
        var runner = new JobRunner(state, time, loggers.CreateLogger<JobRunner>(), new JobRunnerOptions { Replica = $"jobs-{Guid.NewGuid().ToString("N")[..8]}" });
        var consumer = new UsageConsumer(state, loggers.CreateLogger<UsageConsumer>());
        return new RemoteJobs(RemoteJobs.Schedule(jobs, environment), runner, directory, consumer, bus, sidecar);
    }

    private static GatewayConfig Load(IReadOnlyDictionary<string, string> environment)
    {
        var path = environment.GetValueOrDefault(ConfigurationVariable);
        var loaded = ConfigurationLoader.Load(path is { Length: > 0 } ? path : "gateway.json", environment, optional: string.IsNullOrEmpty(path));
        return loaded.IsValid
            ? loaded.Config!
            : throw new FormatException(string.Join(Environment.NewLine, loaded.Problems.Select(problem => $"{problem.Path} {problem.Message}").Prepend("The configuration has problems:")));
    }
}
