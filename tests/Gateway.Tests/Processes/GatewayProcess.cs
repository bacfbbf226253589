using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GatewayApi.Hosting;

namespace Gateway.Tests.Processes;

/// <summary>The gateway as an operator runs it: a process of its own, started from the built host, that can be signalled and killed.</summary>
internal sealed class GatewayProcess : IDisposable
{
    public const string Key = "gw-process-key";
    public const string AdminKey = "gw-process-admin-key";

    private const string Listening = "AI gateway listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => OnLine(_output, e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(_errors, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Where it listens.</summary>
    public Uri BaseUri { get; private set; } = null!;

    /// <summary>A client that sends <see cref="Key"/>.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>What it printed so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it printed to its error stream so far.</summary>
    public string Errors => Read(_errors);

    /// <summary>Starts a gateway and waits until it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(string directory, params string[] arguments)
    {
        var gateway = Launch(directory, arguments);
        var first = await Task.WhenAny(gateway._listening.Task, gateway._process.WaitForExitAsync()).WaitAsync(Patience);
        if (first != gateway._listening.Task)
            throw new InvalidOperationException($"The gateway ended with {gateway._process.ExitCode}: {gateway.Output}{gateway.Errors}");
        gateway.BaseUri = await gateway._listening.Task;
        gateway.Client = new HttpClient { BaseAddress = gateway.BaseUri, Timeout = Patience };
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return gateway;
    }

    /// <summary>Runs the process to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, params string[] arguments)
    {
        using var gateway = Launch(directory, arguments);
        var exit = await gateway.WaitForExitAsync();
        return (exit, gateway.Output, gateway.Errors);
    }

    /// <summary>Writes a gateway.json in front of an upstream, with a data directory beside it, and gives its path.</summary>
    public static string WriteConfiguration(string directory, Uri upstream, string server = "", string settings = "")
    {
        var path = Path.Combine(directory, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "server": { "urls": ["http://127.0.0.1:0"], "dataDirectory": "data"{{server}} },
              "providers": { "up": { "type": "openai-compatible", "baseUrl": "{{upstream}}" } },
              "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["*"] }]{{settings}}
            }
            """);
        return path;
    }

    /// <summary>Posts JSON and gives the response as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Every entry of the ledger, page by page.</summary>
    public async Task<List<JsonElement>> LedgerAsync()
    {
        var entries = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/ledger?limit=500" + (cursor.Length == 0 ? "" : "&cursor=" + Uri.EscapeDataString(cursor)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
            using var response = await Client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            using var page = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
            entries.AddRange(page.RootElement.GetProperty("data").EnumerateArray().Select(e => e.Clone()));
            cursor = page.RootElement.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }

        return entries;
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Asks it to stop as <c>kill</c> does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end, and for everything it printed.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        Client?.Dispose();
        _process.Dispose();
    }

    private static GatewayProcess Launch(string directory, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(GatewayApplication).Assembly.Location);
        foreach (var argument in arguments.Where(a => !a.Contains('=', StringComparison.Ordinal)))
            start.ArgumentList.Add(argument);

        // What this machine has set must not decide what the test sees.
        var path2 = start.Environment["PATH"];
        var root = start.Environment.TryGetValue("DOTNET_ROOT", out var found) ? found : null;
        start.Environment.Clear();
        start.Environment["PATH"] = path2;
        start.Environment["HOME"] = directory;
        if (root is not null)
            start.Environment["DOTNET_ROOT"] = root;
        foreach (var variable in arguments.Where(a => a.Contains('=', StringComparison.Ordinal)))
            start.Environment[variable[..variable.IndexOf('=', StringComparison.Ordinal)]] = variable[(variable.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return new GatewayProcess(Process.Start(start)!);
    }

    private static string Read(StringBuilder lines)
    {
        lock (lines)
            return lines.ToString();
    }

    private void OnLine(StringBuilder lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Append(line).Append('\n');
        if (line.StartsWith(Listening, StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line[Listening.Length..].Split(' ')[0]));
    }
}
