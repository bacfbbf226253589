using Gateway.Transport;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Health;

/// <summary>The jobs of health, declared once for every host.</summary>
internal static class HealthJobs
{
    /// <summary>All of them.</summary>
    public static IEnumerable<IJob> Create(HealthPorts ports)
    {
        if (ports.ProbeInterval > TimeSpan.Zero)
            yield return new ProbeProviders(ports, new Lazy<HttpMessageInvoker>(static () => OwnCalls.Create(ProbeProviders.Limit, retries: 1)), ports.Loggers.CreateLogger<ProbeProviders>());
    }
}
