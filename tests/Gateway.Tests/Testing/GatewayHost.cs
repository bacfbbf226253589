using System.Net.Http.Headers;
using System.Text;
using GatewayApi.Hosting;
using GatewayApi.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Testing;

/// <summary>A whole gateway in this process: the real host on a real port, with a data directory and a configuration of its own.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>The value of the virtual key that every host declares, unless its configuration says otherwise.</summary>
    public const string Key = "gw-test-key";

    /// <summary>The value of a second key, for configurations that declare one with <c>env:OTHER_KEY</c>.</summary>
    public const string OtherKey = "gw-other-test-key";

    /// <summary>The value of a third key, likewise with <c>env:DISABLED_KEY</c>.</summary>
    public const string DisabledKey = "gw-disabled-test-key";

    /// <summary>The admin key of every host.</summary>
    public const string AdminKey = "gw-admin-test-key";

    private readonly WebApplication _app;
    private readonly TempDirectory _directory;

    private GatewayHost(WebApplication app, TempDirectory directory, string output)
    {
        (_app, _directory, Output) = (app, directory, output);
        BaseUri = new Uri(app.Urls.First());
        // A test that leaves a reply leaves it at once: by default the handler would go on reading for 2 s.
        Client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = BaseUri, Timeout = TimeSpan.FromSeconds(60) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>Every address it listens on, the HTTP/1.1 ones first.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(url => new Uri(url))];

    /// <summary>A client that sends <see cref="Key"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>Path of its gateway.json; edit it to reload.</summary>
    public string ConfigurationPath => Path.Combine(_directory.Path, "gateway.json");

    /// <summary>Where it keeps its data.</summary>
    public string DataDirectory => Path.Combine(_directory.Path, "data");

    /// <summary>What the first run printed.</summary>
    public string Output { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>
    /// A gateway in front of a scripted upstream, reached as provider <c>up</c> (type openai), so that any <c>up/MODEL</c> works.
    /// </summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="settings">More members of gateway.json, such as <c>"timeouts": { "idle": 1 }</c>; no leading or trailing comma.</param>
    /// <param name="provider">More members of the provider, likewise.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, string settings = "", string provider = "", TimeProvider? time = null) =>
        StartAsync(
            $$"""
            "providers": { "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY"{{(provider.Length == 0 ? "" : ", " + provider)}} } }{{(settings.Length == 0 ? "" : ", " + settings)}}
            """,
            time);

    /// <summary>A gateway with the simulator as its only provider.</summary>
    public static Task<GatewayHost> StartWithSimulatorAsync(string settings = "", TimeProvider? time = null, SimulatorOptions? simulator = null) =>
        StartAsync(settings, time, simulator);

    /// <summary>A gateway with this configuration.</summary>
    /// <param name="settings">Members of gateway.json besides <c>server</c>, <c>logging</c> and <c>keys</c> (which are added unless they are among them).</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="simulator">The simulator's pace; as fast as possible when null.</param>
    /// <param name="server">More members of <c>server</c>; no leading or trailing comma.</param>
    /// <param name="principals">More ways to prove to the admin API who one is.</param>
    /// <param name="environment">More environment variables.</param>
    public static async Task<GatewayHost> StartAsync(
        string settings, TimeProvider? time = null, SimulatorOptions? simulator = null, string server = "", IReadOnlyList<IPrincipalSource>? principals = null, params (string Name, string Value)[] environment)
    {
        var directory = new TempDirectory();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.Path, "gateway.json"), Configuration(directory, settings, server));
            var output = new StringWriter();
            var app = await GatewayApplication.BuildAsync(new GatewayStartup
            {
                ConfigurationPath = Path.Combine(directory.Path, "gateway.json"),
                ConfigurationIsOptional = false,
                Environment = new Dictionary<string, string>(environment.Select(e => KeyValuePair.Create(e.Name, e.Value)))
                {
                    ["GATEWAY_ADMIN_KEY"] = AdminKey,
                    ["TEST_KEY"] = Key,
                    ["OTHER_KEY"] = OtherKey,
                    ["DISABLED_KEY"] = DisabledKey,
                    ["UP_KEY"] = "sk-upstream-secret",
                },
                PrincipalSources = principals ?? [],
                Time = time ?? TimeProvider.System,
                Output = output,
                ReloadInterval = TimeSpan.FromMilliseconds(50),
                Simulator = simulator ?? new SimulatorOptions { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0 },
            });
            await app.StartAsync();
            return new GatewayHost(app, directory, output.ToString());
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the configuration file's settings, as an editor would.</summary>
    public async Task WriteConfigurationAsync(string settings)
    {
        var next = ConfigurationPath + ".next";
        await File.WriteAllTextAsync(next, Configuration(_directory, settings));
        File.Move(next, ConfigurationPath, overwrite: true);
    }

    /// <summary>Posts JSON to a path and gives the response as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The ledger as <c>GET /admin/ledger</c> shows it, newest first.</summary>
    public async Task<System.Text.Json.JsonElement[]> LedgerAsync(string query = "")
    {
        using var json = System.Text.Json.JsonDocument.Parse(await LedgerPageAsync(query));
        return [.. json.RootElement.GetProperty("data").EnumerateArray().Select(e => e.Clone())];
    }

    /// <summary>The body of <c>GET /admin/ledger</c>.</summary>
    public async Task<string> LedgerPageAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/ledger" + query);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>A service of the host.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var directory = _directory; // last, and also where the gateway does not stop well
        await using var app = _app;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(limit.Token);
    }

    private static string Configuration(TempDirectory directory, string settings, string server = "")
    {
        var data = System.Text.Json.JsonEncodedText.Encode(Path.Combine(directory.Path, "data"));
        var members = new List<string> { $$""" "server": { "urls": ["http://127.0.0.1:0"], "dataDirectory": "{{data}}"{{(server.Length == 0 ? "" : ", " + server)}} } """ };
        if (!settings.Contains("\"logging\"", StringComparison.Ordinal))
            members.Add(""" "logging": { "level": "warning", "format": "text" } """);
        if (!settings.Contains("\"keys\"", StringComparison.Ordinal))
            members.Add(""" "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["*"] }] """);
        if (!settings.Contains("\"jobs\"", StringComparison.Ordinal))
            members.Add(""" "jobs": { "probeSeconds": 0 } """); // scripted upstreams count their calls
        if (settings.Length > 0)
            members.Add(settings);
        return "{" + string.Join(",", members) + "}";
    }
}
