using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Events;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.State;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Gateway.Jobs.Health;

/// <summary>
/// Asks each provider for the list of its models, which costs nothing, and leaves in the state store whether it answered; who comes or goes is told on the bus.
/// Any answer below 500 is one: the probe is about being there, not about keys.
/// </summary>
/// <param name="ports">What it works on.</param>
/// <param name="http">Sends.</param>
/// <param name="logger">Told of who comes and goes.</param>
internal sealed partial class ProbeProviders(HealthPorts ports, Lazy<HttpMessageInvoker> http, ILogger<ProbeProviders> logger) : IJob
{
    /// <summary>How long a provider may take for each try.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const int AtOnce = 8;

    /// <inheritdoc/>
    public string Name => "probe-providers";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Interval(ports.ProbeInterval);

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var found = new ConcurrentBag<ProviderProbe>();
        await Parallel.ForEachAsync(
            ports.Providers().Where(p => p.Probe is not null),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (provider, token) =>
            {
                if (await ProbeAsync(provider, token).ConfigureAwait(false) is { } probe)
                    found.Add(probe);
            }).ConfigureAwait(false);

        var before = await ports.State.ReadAsync(ProbeBoard.Key, HealthJson.Default.ProbeBoard, cancellation).ConfigureAwait(false);
        var changed = new List<ProviderProbe>();
        var board = new ProbeBoard { Providers = [.. found.OrderBy(p => p.Provider, StringComparer.Ordinal).Select(p => Continue(before, p, changed))] };
        await TellAsync(changed, cancellation).ConfigureAwait(false); // first: what is written is not told again
        await ports.State.SetAsync(ProbeBoard.Key, StateValues.Write(board, HealthJson.Default.ProbeBoard), cancellation: cancellation).ConfigureAwait(false);
        return new JobReport(new Dictionary<string, long> { ["probed"] = found.Count, ["down"] = found.Count(p => !p.Up), ["changed"] = changed.Count });
    }

    private static ProviderProbe Continue(ProbeBoard? before, ProviderProbe probe, List<ProviderProbe> changed)
    {
        var last = before?.Providers.Find(p => p.Provider == probe.Provider);
        if (last?.Up == probe.Up)
            return probe with { Since = last.Since };
        if (last is not null || !probe.Up)
            changed.Add(probe);
        return probe;
    }

    private async ValueTask<ProviderProbe?> ProbeAsync(ProviderSnapshot provider, CancellationToken cancellation)
    {
        var (at, began) = (ports.Time.GetUtcNow(), ports.Time.GetTimestamp());
        int? status = null;
        string? reason = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, provider.Probe);
            foreach (var (header, value) in provider.ExtraHeaders)
                request.Headers.TryAddWithoutValidation(header, value);
            if (provider.Credentials is { } credentials)
                await credentials.Keys[0].Credential.ApplyAsync(request, cancellation).ConfigureAwait(false);
            using var response = await http.Value.SendAsync(request, cancellation).ConfigureAwait(false);
            status = (int)response.StatusCode;
            reason = status < 500 ? null : $"It answered {status}.";
        }
        catch (CredentialException)
        {
            return null; // its key is the gateway's trouble, and told where it is used
        }
        catch (HttpRequestException e)
        {
            reason = $"It could not be reached ({e.HttpRequestError}).";
        }
        catch (BrokenCircuitException)
        {
            reason = "It has not answered for a while.";
        }
        catch (Exception e) when (e is ExecutionRejectedException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            reason = $"It did not answer within {Limit.TotalSeconds:0} s.";
        }

        return new ProviderProbe
        {
            Provider = provider.Id,
            Up = reason is null,
            Status = status,
            Milliseconds = Math.Round(ports.Time.GetElapsedTime(began).TotalMilliseconds, 3),
            Reason = reason,
            At = at,
            Since = at,
        };
    }

    private async ValueTask TellAsync(List<ProviderProbe> changed, CancellationToken cancellation)
    {
        foreach (var probe in changed)
        {
            if (probe.Up)
                LogUp(probe.Provider);
            else
                LogDown(probe.Provider, probe.Reason!);
        }

        if (changed.Count > 0)
        {
            await ports.Events.PublishAsync(
                Topics.Health,
                [.. changed.Select(p => new BusEvent($"{p.Provider}:{p.Since:O}", "gateway.provider.health.v1", JsonSerializer.SerializeToUtf8Bytes(p, HealthJson.Default.ProviderProbe)))],
                cancellation).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The provider {Provider} answers again")]
    private partial void LogUp(string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider {Provider} does not answer its probe: {Reason}")]
    private partial void LogDown(string provider, string reason);
}
