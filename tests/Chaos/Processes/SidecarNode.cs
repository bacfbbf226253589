using System.Text.Json;

namespace Chaos.Processes;

/// <summary>A test sidecar in a process of its own.</summary>
internal sealed class SidecarNode(string store, IReadOnlyList<string> apps, string secretsFile, string directory) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Dictionary<string, long> _before = [];
    private ChildProcess? _process;

    /// <summary>Port of the HTTP API.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Port of the gRPC API.</summary>
    public int GrpcPort { get; } = Ports.Free();

    /// <summary>Starts it, again if need be.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--http", $"{HttpPort}", "--grpc", $"{GrpcPort}", "--store", store, "--secrets", secretsFile, .. apps.SelectMany(app => new[] { "--app", app }),
        ];
        var program = Path.Combine(AppContext.BaseDirectory, "TestSidecar.dll");
        _process = await ChildProcess.StartAsync(program, arguments, directory, [], "ready http=");
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        await CountAsync();
        await _process!.DisposeAsync();
    }

    /// <summary>Stops the process with SIGSTOP: connections stay open, and nothing is answered.</summary>
    public void Pause() => _process!.Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Resume() => _process!.Signal("CONT");

    /// <summary>Sets a fault of <c>/faults</c>, such as <c>conflict?count=5</c>. False when it is not there.</summary>
    public async Task<bool> SetAsync(string fault)
    {
        try
        {
            using var response = await _http.PostAsync(new Uri(Ports.Address(HttpPort), "/faults/" + fault), null);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends all faults.</summary>
    public async Task ClearAsync()
    {
        Resume();
        using var response = await _http.DeleteAsync(new Uri(Ports.Address(HttpPort), "/faults"));
    }

    /// <summary>How often each fault has happened, in earlier lives too.</summary>
    public async Task<IReadOnlyDictionary<string, long>> HappenedAsync()
    {
        var happened = new Dictionary<string, long>(_before);
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(Ports.Address(HttpPort), "/faults")));
        foreach (var member in json.RootElement.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object))
            happened[member.Name] = happened.GetValueOrDefault(member.Name) + member.Value.GetProperty("happened").GetInt64();
        return happened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _http.Dispose();
    }

    private async Task CountAsync()
    {
        foreach (var (fault, count) in await HappenedAsync())
            _before[fault] = count;
    }
}
