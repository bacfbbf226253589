using Chaos.Judging;

namespace Chaos.Processes;

/// <summary>
/// Everything that runs: the store, the sidecars, the replicas, and what stands around them. Over Redis each replica has a sidecar of its own; over
/// memory they share one, for the memory is the sidecar's.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-chaos-");
    private readonly List<SidecarNode> _sidecars = [];
    private readonly List<Replica> _replicas = [];
    private Redis? _redis;

    /// <summary>The clock of all replicas.</summary>
    public Clock Clock { get; private set; } = null!;

    /// <summary>The provider with a key, and the application that hears events.</summary>
    public Outside Outside { get; private set; } = null!;

    /// <summary>The store, past everything.</summary>
    public StatePeek Peek { get; private set; } = null!;

    /// <summary>Whether the directories stay.</summary>
    public bool Keeps { get; set; }

    /// <summary>Where everything runs.</summary>
    public string Path => _directory.FullName;

    /// <summary>The sidecars.</summary>
    public IReadOnlyList<SidecarNode> Sidecars => _sidecars;

    /// <summary>The replicas.</summary>
    public IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>The file of the sidecars' secrets.</summary>
    private string SecretsFile => System.IO.Path.Combine(_directory.FullName, "secrets.json");

    /// <summary>Starts everything.</summary>
    /// <param name="replicas">How many.</param>
    /// <param name="store">memory or redis.</param>
    public static async Task<Cluster> StartAsync(int replicas, string store)
    {
        var cluster = new Cluster();
        try
        {
            await cluster.StartAllAsync(replicas, store);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces the provider's key, in the vault and at the provider.</summary>
    public void SetProviderKey(string key)
    {
        File.WriteAllText(SecretsFile + ".new", $$"""{ "upstream": { "key": "{{key}}" } }""");
        File.Move(SecretsFile + ".new", SecretsFile, overwrite: true);
        Outside.ProviderKey = key;
    }

    /// <summary>Kills every replica and starts it again.</summary>
    public async Task RestartAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.KillAsync()));
        await Task.WhenAll(_replicas.Select(replica => replica.StartAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        if (Peek is not null)
            await Peek.DisposeAsync();
        foreach (var sidecar in _sidecars)
            await sidecar.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (Outside is not null)
            await Outside.DisposeAsync();
        Clock?.Dispose();
        if (!Keeps && Directory.Exists(_directory.FullName)) // who tidies up temporary files may have been here before
            _directory.Delete(recursive: true);
    }

    private async Task StartAllAsync(int replicas, string store)
    {
        var root = _directory.FullName;
        Clock = new Clock(System.IO.Path.Combine(root, "clock"));
        Clock.MoveBy(Clock.Until(TimeSpan.FromMinutes(10))); // a window ends soon
        Outside = await Outside.StartAsync();
        SetProviderKey("first-key");
        if (store == "redis")
            _redis = await Redis.StartAsync(root);
        for (var i = 1; i <= replicas; i++)
            _replicas.Add(new Replica(i, Directory.CreateDirectory(System.IO.Path.Combine(root, $"replica-{i}")).FullName, Variables));
        var apps = _replicas.Select(replica => new[] { "gateway=" + Ports.Address(replica.Port) }).ToList();
        var nodes = _redis is null ? [[.. apps.SelectMany(app => app)]] : apps;
        nodes[0] = [.. nodes[0], "judge=" + Outside.Address.GetLeftPart(UriPartial.Authority)];
        foreach (var node in nodes)
            _sidecars.Add(new SidecarNode(_redis is null ? "memory" : $"redis://127.0.0.1:{_redis.Port}", node, SecretsFile, root));
        await Task.WhenAll(_sidecars.Select(sidecar => sidecar.StartAsync()));
        Peek = _redis is null ? StatePeek.Of(_sidecars[0]) : await StatePeek.OfAsync(_redis);
        foreach (var replica in _replicas)
            await File.WriteAllTextAsync(System.IO.Path.Combine(replica.Directory, "gateway.json"), Configuration(replica));
        await Task.WhenAll(_replicas.Select(replica => replica.StartAsync()));
    }

    private Dictionary<string, string> Variables(Replica replica)
    {
        var sidecar = _sidecars[(replica.Number - 1) % _sidecars.Count];
        return new()
        {
            ["CHAOS_CLOCK"] = Clock.Path,
            ["CHAOS_KEY"] = Hierarchy.Key,
            ["ALLOWING_KEY"] = Hierarchy.AllowingKey,
            ["REFUSING_KEY"] = Hierarchy.RefusingKey,
            ["GATEWAY_ADMIN_KEY"] = Hierarchy.AdminKey,
            ["GATEWAY_KEY_HASHING_SECRET"] = "the same for all replicas of a run",
            ["DAPR_HTTP_PORT"] = $"{sidecar.HttpPort}",
            ["DAPR_GRPC_PORT"] = $"{sidecar.GrpcPort}",
        };
    }

    private string Configuration(Replica replica) => $$"""
        {
          "server": { "urls": ["{{replica.Address.GetLeftPart(UriPartial.Authority)}}"], "dataDirectory": "data" },
          "logging": { "level": "warning", "format": "text" },
          "state": { "store": "dapr" },
          "events": { "bus": "dapr" },
          "secrets": { "vault": "dapr" },
          "simulator": { "enabled": true },
          "providers": { "judged": { "type": "openai-compatible", "baseUrl": "{{Outside.Address}}v1", "apiKey": "secret:upstream/key" } },
        {{Hierarchy.ToJson()}}
        }
        """;
}
