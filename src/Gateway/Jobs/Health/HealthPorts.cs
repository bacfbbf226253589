using Gateway.Events;
using Gateway.Providers;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Health;

/// <summary>What the jobs of health work on, in every host of jobs.</summary>
internal sealed record HealthPorts
{
    /// <summary>The state store.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The event bus.</summary>
    public required IEventBus Events { get; init; }

    /// <summary>Enabled providers, as configured when a job runs.</summary>
    public required Func<IEnumerable<ProviderSnapshot>> Providers { get; init; }

    /// <summary>Between two probes; zero: providers are not probed.</summary>
    public required TimeSpan ProbeInterval { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
