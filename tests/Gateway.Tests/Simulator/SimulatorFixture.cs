using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GatewayApi.Simulator;
using OpenAI;

namespace Gateway.Tests.Simulator;

/// <summary>A simulator as fast as it can be, with clients that do not retry.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SimulatorServer _server = null!;

    /// <summary>Where the simulator is.</summary>
    public Uri BaseUri => _server.BaseUri;

    /// <summary>A plain client.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });

    /// <summary>The official SDK, without its retries.</summary>
    public OpenAIClient OpenAi { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new SimulatorOptions { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0, SlowFirstToken = TimeSpan.FromMilliseconds(50) };
        _server = await SimulatorServer.StartAsync(options, TimeProvider.System);
        OpenAi = new OpenAIClient(
            new ApiKeyCredential("any"),
            new OpenAIClientOptions { Endpoint = _server.BaseUri, RetryPolicy = new ClientRetryPolicy(0) });
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>Posts JSON and returns as soon as the headers are here.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellation = default) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), cancellation);

    /// <summary>Posts bytes and returns as soon as the headers are here.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, byte[] json, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, BaseUri + path) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Posts JSON and parses the answer, of any status.</summary>
    public async Task<JsonElement> PostJsonAsync(string path, string json)
    {
        using var response = await PostAsync(path, json);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
    }

    /// <summary>Posts JSON and returns the data of every event.</summary>
    public async Task<List<string>> PostStreamAsync(string path, string json)
    {
        using var response = await PostAsync(path, json);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return Data(await response.Content.ReadAsStringAsync());
    }

    /// <summary>The data of every event of a stream.</summary>
    public static List<string> Data(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])];

    /// <summary>Parses one JSON value.</summary>
    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
