using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Chaos.Processes;

namespace Soak;

/// <summary>The gateway under test, in a process of its own on a directory of its own.</summary>
internal sealed class GatewayNode : IAsyncDisposable
{
    private const string Key = "gw-soak-key";
    private const string AdminKey = "gw-soak-admin";

    private readonly ChildProcess _process;
    private readonly string _directory;
    private readonly bool _keeps;
    private readonly HttpClient _http;
    private int _questions;

    private GatewayNode(ChildProcess process, string directory, int port, bool keeps)
    {
        (_process, _directory, _keeps) = (process, directory, keeps);
        // Pooled no longer than the run: what is open at the end is the gateway's doing.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = Ports.Address(port),
            Timeout = TimeSpan.FromMinutes(3),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>A client of it.</summary>
    public HttpClient Client => _http;

    /// <summary>Starts one.</summary>
    /// <param name="settings">Members of gateway.json besides <c>server</c>, <c>logging</c> and <c>keys</c>.</param>
    /// <param name="keeps">Whether its directory stays.</param>
    public static async Task<GatewayNode> StartAsync(string settings, bool keeps = false)
    {
        var directory = Directory.CreateTempSubdirectory("soak-").FullName;
        var port = Ports.Free();
        var file = Path.Combine(directory, "gateway.json");
        await File.WriteAllTextAsync(file, $$"""
            {
              "server": { "urls": ["http://127.0.0.1:{{port}}"], "dataDirectory": "{{Path.Combine(directory, "data")}}" },
              "logging": { "level": "error", "format": "text" },
              "keys": [{ "id": "soak", "value": "env:SOAK_KEY", "models": ["*"] }],
              {{settings}}
            }
            """);
        var variables = new Dictionary<string, string> { ["SOAK_KEY"] = Key, ["UP_KEY"] = "sk-upstream", ["GATEWAY_ADMIN_KEY"] = AdminKey };
        var process = await ChildProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, "Soak.dll"), ["gateway", "--config", file], directory, variables, "AI gateway listening on");
        return new GatewayNode(process, directory, port, keeps);
    }

    /// <summary>How large it is now, and how many sockets it has.</summary>
    /// <param name="collects">Whether to collect garbage first.</param>
    public async Task<MemorySample> SampleAsync(bool collects = false)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"{++_questions}-{(collects ? GatewayProgram.Collects : "now")}");
        await _process.SayAsync(question);
        string[] said;
        while ((said = Answered(question)).Length < 2)
            await Task.Delay(10);
        var status = await File.ReadAllLinesAsync($"/proc/{_process.Id}/status");
        var resident = long.Parse(status.First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        return new MemorySample(resident, long.Parse(said[0], CultureInfo.InvariantCulture), long.Parse(said[1], CultureInfo.InvariantCulture), Sockets());
    }

    /// <summary>The values of a metric, by its labels.</summary>
    public async Task<IReadOnlyList<(string Labels, double Value)>> MetricAsync(string name)
    {
        var text = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return
        [
            .. from line in text.Split('\n')
            where line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' '
            let space = line.LastIndexOf(' ')
            select (line[name.Length..space], double.Parse(line[space..], CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>How the targets stand, a line for each.</summary>
    public async Task<IReadOnlyList<string>> TargetsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/targets");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await _http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return
        [
            .. from target in json.RootElement.GetProperty("data").EnumerateArray()
            select $"{target.GetProperty("target")} {target.GetProperty("circuit")} ({target.GetProperty("trips")} trips, {target.GetProperty("cause")}), {target.GetProperty("inFlight")} of {target.GetProperty("limit")} places, {target.GetProperty("failures")} of {target.GetProperty("calls")} calls failed lately, {target.GetProperty("firstTokenMs")} ms to the first token",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        if (!_keeps)
            Directory.Delete(_directory, recursive: true);
    }

    private string[] Answered(string question)
    {
        var (output, begin) = (_process.Output, $"{GatewayProgram.HeapLine}{question} ");
        var line = output.LastIndexOf(begin, StringComparison.Ordinal);
        var end = line < 0 ? -1 : output.IndexOf('\n', line);
        return end < 0 ? [] : output[(line + begin.Length)..end].Split(' ');
    }

    private int Sockets()
    {
        var count = 0;
        foreach (var descriptor in new DirectoryInfo($"/proc/{_process.Id}/fd").EnumerateFiles())
        {
            try
            {
                if (descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
                    count++;
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }
        }

        return count;
    }
}
