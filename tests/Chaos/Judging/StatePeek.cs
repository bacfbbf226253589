using Chaos.Processes;
using StackExchange.Redis;

namespace Chaos.Judging;

/// <summary>Reads values straight from the store: from Redis past the sidecars, or from the memory of the one sidecar.</summary>
internal sealed class StatePeek : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly SidecarNode? _sidecar;
    private readonly ConnectionMultiplexer? _redis;

    private StatePeek(SidecarNode? sidecar, ConnectionMultiplexer? redis) => (_sidecar, _redis) = (sidecar, redis);

    /// <summary>Of a sidecar over memory.</summary>
    public static StatePeek Of(SidecarNode sidecar) => new(sidecar, null);

    /// <summary>Of a Redis.</summary>
    public static async Task<StatePeek> OfAsync(Redis redis) => new(null, await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}"));

    /// <summary>A value; null when it is not there.</summary>
    /// <exception cref="HttpRequestException">The store does not answer now.</exception>
    public async Task<byte[]?> GetAsync(string key)
    {
        if (_redis is not null)
            return await _redis.GetDatabase().HashGetAsync("gateway||" + key, "data");
        using var response = await _http.GetAsync(new Uri(Ports.Address(_sidecar!.HttpPort), "/v1.0/state/statestore/" + Uri.EscapeDataString(key)));
        response.EnsureSuccessStatusCode();
        var value = await response.Content.ReadAsByteArrayAsync();
        return value.Length == 0 ? null : value;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
