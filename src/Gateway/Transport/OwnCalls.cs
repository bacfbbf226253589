using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Gateway.Transport;

/// <summary>
/// HTTP of the gateway's own: calls that it makes for itself and no caller waits for. They are guarded by the standard resilience handler (a limit on all of a
/// call and on each try, few retries with jitter, a breaker for each host); attempts at requests have rules of their own.
/// </summary>
internal static class OwnCalls
{
    /// <summary>Makes a client.</summary>
    /// <param name="tryLimit">How long each try may take.</param>
    /// <param name="retries">Further tries after a failure without an answer, 5xx, 408 or 429: 1 or more.</param>
    /// <param name="primary">Sends; over sockets, without redirects or cookies, when null.</param>
    /// <returns>Lives as long as the process, or until it is disposed.</returns>
    public static HttpMessageInvoker Create(TimeSpan tryLimit, int retries, HttpMessageHandler? primary = null)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("own")
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // connections renew themselves
            .RemoveAllLoggers() // addresses may tell of tenants; callers log what matters
            .ConfigurePrimaryHttpMessageHandler(() => primary ?? Sockets())
            .AddStandardResilienceHandler(options =>
            {
                options.AttemptTimeout.Timeout = tryLimit;
                options.TotalRequestTimeout.Timeout = tryLimit * (retries + 1);
                options.Retry.MaxRetryAttempts = retries;
                options.Retry.Delay = TimeSpan.FromMilliseconds(200);
                options.Retry.BackoffType = DelayBackoffType.Exponential;
                options.Retry.UseJitter = true;
                options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(Math.Max(30, tryLimit.TotalSeconds * 2));
            })
            .SelectPipelineByAuthority();
        var provider = services.BuildServiceProvider();
        return new Client(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("own"), provider);
    }

    private static SocketsHttpHandler Sockets() => new()
    {
        AllowAutoRedirect = false, // a redirect could carry a key elsewhere
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), // called seldom
    };

    /// <summary>A client that takes what it was made from along when it goes.</summary>
    private sealed class Client(HttpMessageHandler handler, ServiceProvider services) : HttpMessageInvoker(handler, disposeHandler: false)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                services.Dispose();
        }
    }
}
