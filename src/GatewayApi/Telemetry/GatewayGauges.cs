using Gateway.Admission;
using Gateway.Jobs;
using Gateway.Metering;
using Gateway.Routing.Health;
using Gateway.Routing.Shadow;
using GatewayApi.Hosting;

namespace GatewayApi.Telemetry;

/// <summary>What is read when metrics are collected.</summary>
internal static class GatewayGauges
{
    public static void Observe(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<GatewayMetrics>();
        var prometheus = services.GetRequiredService<PrometheusMetrics>();
        var overload = services.GetRequiredService<OverloadStage>();
        var ledger = services.GetRequiredService<Ledger>();
        var readiness = services.GetRequiredService<Readiness>();
        Gauge("requests.active", "{request}", "", "Requests being served.", () => overload.Requests);
        Gauge("requests.held", "By", "_bytes", "Bytes of request bodies held.", () => overload.Bytes);
        Gauge("ledger.lag", "{entry}", "_entries", "Ledger entries written but not yet queryable.", () => ledger.LagEntries);
        var (time, started) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        Gauge("directory.age", "s", "_seconds", "Time since the changes of customers, teams, users and keys were last read.", () => (time.GetUtcNow() - (readiness.Directory.LastRead ?? started)).TotalSeconds);
        Gauge("usage.lag", "{entry}", "_entries", "Ledger entries written but not yet published.", () => readiness.Usage.LagEntries);
        Gauge("usage.lag.time", "s", "_seconds", "How long the oldest entry that could not be published has been waiting.", () => readiness.Usage.Lag.TotalSeconds);
        var jobs = services.GetRequiredService<JobRunner>();
        Gauge("jobs.failed", "{run}", "", "Runs of jobs that failed in this process.", () => jobs.Failures);
        Gauge("budgets.drift", "{correction}", "", "Corrections of budgets that were not what the ledger says, made by this process.", () => jobs.TotalOf("reconcile-budgets", "drifted"));
        var ports = services.GetRequiredService<StatePorts>();
        Gauge("state.available", "1", "", "1 while the state store answers, otherwise 0.", () => ports.IsStateAvailable ? 1 : 0);
        Gauge("state.failures", "{call}", "", "Calls of the state store that failed since the start.", () => ports.StateFailures);
        var shadows = services.GetRequiredService<ShadowQueue>();
        Gauge("shadow.waiting", "{request}", "", "Copies of requests that wait to be sent.", () => shadows.Waiting);
        Gauge("shadow.sent", "{request}", "", "Copies of requests that were sent since the start.", () => shadows.Sent);
        Gauge("shadow.dropped", "{request}", "", "Copies of requests that were not sent since the start: no room, no budget, or a target the caller may not use.", () => shadows.Dropped);
        Gauge("configuration.epoch", "{epoch}", "", "The configuration that serves.", () => readiness.Epoch);
        var targets = services.GetRequiredService<TargetStates>();
        Targets("targets.circuit", "1", "", "How a target's circuit stands: 0 closed, 0.5 half-open, 1 open.", t => t.Vitals!.Circuit.Phase switch { CircuitPhase.Closed => 0, CircuitPhase.HalfOpen => 0.5, _ => 1 });
        Targets("targets.trips", "{trip}", "", "How often a target's circuit has opened.", t => t.Vitals!.Circuit.Trips);
        Targets("targets.active", "{attempt}", "", "Attempts under way at a target.", t => t.InFlight);
        Targets("targets.limit", "{attempt}", "", "Attempts that may be under way at a target.", t => t.Gate?.Limit ?? AdaptiveLimit.First);

        void Targets(string name, string unit, string suffix, string description, Func<TargetState, double> read)
        {
            metrics.ObserveTargets("gateway." + name, unit, description, All);
            prometheus.ObserveTargets("gateway_" + name.Replace('.', '_') + suffix, description, All);

            // Any caller may name models that are not there: the series are those of the targets called first.
            IEnumerable<TargetMeasurement> All() => targets.Measured.Select(t => new TargetMeasurement(t.Address, read(t)));
        }

        void Gauge(string name, string unit, string suffix, string description, Func<double> read)
        {
            metrics.ObserveGauge("gateway." + name, unit, description, read);
            prometheus.ObserveGauge("gateway_" + name.Replace('.', '_') + suffix, description, read);
        }
    }
}
