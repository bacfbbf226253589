using System.Diagnostics;
using Gateway.Tests.Testing;
using TestSidecar;

namespace Gateway.Tests.State.Dapr;

/// <summary>A sidecar over a Redis of its own, shared by the tests of a class.</summary>
public sealed class RedisSidecar : IAsyncLifetime
{
    private RedisServer? _redis;
    private Sidecar? _sidecar;
    private Process? _daprd;
    private DirectoryInfo? _components;

    /// <summary>The variables that name it.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        if (Programs.Find("daprd") is { } daprd)
        {
            Variables = await StartAsync(daprd);
            return;
        }

        _sidecar = await Sidecar.StartAsync(new SidecarOptions { Store = _redis.Address });
        Variables = SidecarClient.Variables(_sidecar.HttpAddress, _sidecar.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
        if (_daprd is not null)
        {
            _daprd.Kill();
            await _daprd.WaitForExitAsync();
            _daprd.Dispose();
        }

        if (_redis is not null)
            await _redis.DisposeAsync();
        _components?.Delete(recursive: true);
    }

    private async Task<Dictionary<string, string>> StartAsync(string daprd)
    {
        // The state component as it is shipped, but for the Redis of these tests.
        _components = Directory.CreateTempSubdirectory("gateway-components-");
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "components", "local", "statestore.yaml"));
        await File.WriteAllTextAsync(Path.Combine(_components.FullName, "statestore.yaml"), shipped.Replace("localhost:6379", $"127.0.0.1:{_redis!.Port}", StringComparison.Ordinal));
        var (http, grpc) = (Programs.FreePort(), Programs.FreePort());
        _daprd = Process.Start(daprd, ["--app-id", "gateway", "--dapr-http-port", $"{http}", "--dapr-grpc-port", $"{grpc}", "--resources-path", _components.FullName]);
        using var client = new HttpClient();
        for (var look = 0; look < 120; look++)
        {
            try
            {
                if ((await client.GetAsync(new Uri($"http://127.0.0.1:{http}/v1.0/healthz/outbound"))).IsSuccessStatusCode)
                    return SidecarClient.Variables(new Uri($"http://127.0.0.1:{http}"), new Uri($"http://127.0.0.1:{grpc}"));
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(250);
        }

        throw new InvalidOperationException("daprd did not become healthy within 30 s.");
    }
}
