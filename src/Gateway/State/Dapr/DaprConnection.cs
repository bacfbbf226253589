using System.Globalization;
using Dapr.Client;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.State.Dapr;

/// <summary>The sidecar's two APIs, at the addresses that Dapr's own variables name.</summary>
internal sealed class DaprConnection : IDisposable
{
    private readonly GrpcChannel _channel;

    private DaprConnection(string grpc, string http, string? token)
    {
        (GrpcAddress, HttpAddress, ApiToken) = (grpc, http, token);
        Client = new DaprClientBuilder().UseGrpcEndpoint(grpc).UseHttpEndpoint(http).UseDaprApiToken(token ?? "").UseGrpcChannelOptions(Options()).Build();
        _channel = GrpcChannel.ForAddress(grpc, Options());
        Invoker = _channel.CreateCallInvoker();
    }

    /// <summary>Where gRPC is spoken.</summary>
    public string GrpcAddress { get; }

    /// <summary>Where HTTP is spoken.</summary>
    public string HttpAddress { get; }

    /// <summary>What the sidecar asks for; null: nothing.</summary>
    public string? ApiToken { get; }

    /// <summary>The client.</summary>
    public DaprClient Client { get; }

    /// <summary>For calls that the client does not have.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Connects when first used.</summary>
    /// <param name="environment">DAPR_GRPC_ENDPOINT or DAPR_GRPC_PORT (50001), DAPR_HTTP_ENDPOINT or DAPR_HTTP_PORT (3500), DAPR_API_TOKEN.</param>
    /// <exception cref="FormatException">A port or an address is none.</exception>
    public static DaprConnection Open(IReadOnlyDictionary<string, string> environment)
    {
        var token = environment.GetValueOrDefault("DAPR_API_TOKEN");
        return new DaprConnection(Address(environment, "GRPC", 50001), Address(environment, "HTTP", 3500), string.IsNullOrEmpty(token) ? null : token);
    }

    public void Dispose()
    {
        Client.Dispose();
        _channel.Dispose();
    }

    private static string Address(IReadOnlyDictionary<string, string> environment, string api, int usual)
    {
        if (environment.GetValueOrDefault($"DAPR_{api}_ENDPOINT") is { Length: > 0 } endpoint)
        {
            return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? endpoint
                : throw new FormatException($"DAPR_{api}_ENDPOINT must be an address such as http://127.0.0.1:{usual}.");
        }

        if (environment.GetValueOrDefault($"DAPR_{api}_PORT") is not { Length: > 0 } written)
            return $"http://127.0.0.1:{usual}";
        return ushort.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? $"http://127.0.0.1:{port}"
            : throw new FormatException($"DAPR_{api}_PORT must be a port number.");
    }

    // Pings find a sidecar that was stopped or whose machine has gone, which TCP alone notices after minutes.
    private static GrpcChannelOptions Options() => new()
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
        },
        DisposeHttpClient = true,
        // Otherwise a channel that found nobody for a while waits up to two minutes before it looks again.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
        MaxReceiveMessageSize = 16 << 20,
    };
}
