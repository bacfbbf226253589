using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Transport;

/// <summary>The connections to upstreams: one handler, and so one pool per host, for each connect timeout in use.</summary>
/// <param name="create">Makes the client for a connect timeout; one over sockets when null.</param>
/// <param name="roots">What upstreams' certificates must lead to; the machine's own roots when null.</param>
internal sealed class UpstreamClients(Func<TimeSpan, HttpMessageInvoker>? create = null, X509Certificate2Collection? roots = null) : IDisposable
{
    private static readonly string[] ProxyVariables =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

    private readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> _byConnectTimeout = new();
    private readonly Func<TimeSpan, HttpMessageInvoker> _create = create ?? (connectTimeout => Create(connectTimeout, roots));

    /// <summary>The client to send with.</summary>
    /// <param name="connectTimeout">Limit on TCP and TLS connect.</param>
    public HttpMessageInvoker For(TimeSpan connectTimeout) => _byConnectTimeout.GetOrAdd(connectTimeout, _create);

    public void Dispose()
    {
        foreach (var client in _byConnectTimeout.Values)
            client.Dispose();
    }

    private static HttpMessageInvoker Create(TimeSpan connectTimeout, X509Certificate2Collection? roots) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect could carry a provider key elsewhere
            AutomaticDecompression = DecompressionMethods.None, // relayed byte for byte
            UseCookies = false,
            UseProxy = HasProxy(),
            ActivityHeadersPropagator = null, // trace context is written by the attempt, without an Activity per call
            ConnectTimeout = connectTimeout,
            SslOptions = roots is null ? new SslClientAuthenticationOptions() : Trusting(roots),
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // follows DNS
            // An abandoned answer is cut off at once: by default the provider would go on generating for two seconds.
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
        },
        disposeHandler: true);

    private static SslClientAuthenticationOptions Trusting(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static bool HasProxy() =>
        ProxyVariables.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
}
