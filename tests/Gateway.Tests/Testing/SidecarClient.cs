using Gateway.State.Dapr;
using GatewayApi.Hosting;
using TestSidecar;

namespace Gateway.Tests.Testing;

/// <summary>What tests reach a sidecar with.</summary>
internal static class SidecarClient
{
    /// <summary>The variables that name a sidecar.</summary>
    public static Dictionary<string, string> Variables(Uri http, Uri grpc) => new()
    {
        ["DAPR_HTTP_PORT"] = $"{http.Port}",
        ["DAPR_GRPC_PORT"] = $"{grpc.Port}",
    };

    /// <summary>Connects to a test sidecar.</summary>
    public static DaprConnection Connect(Sidecar sidecar) => DaprConnection.Open(Variables(sidecar.HttpAddress, sidecar.GrpcAddress));

    /// <summary>A state store with a time limit that a busy machine keeps.</summary>
    public static DaprStateStore Store(DaprConnection connection, DaprStateOptions? options = null, TimeProvider? time = null) =>
        new(connection.Client, options ?? new DaprStateOptions { Timeout = TimeSpan.FromSeconds(30) }, time ?? TimeProvider.System);
}
