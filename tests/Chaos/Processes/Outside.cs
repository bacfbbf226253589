using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Chaos.Processes;

/// <summary>What stands around the gateways, within this process: a provider that knows one key, and an application that events are delivered to.</summary>
internal sealed class Outside : IAsyncDisposable
{
    private const string Reply = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";
    private const string Subscriptions = """[{"pubsubname":"pubsub","topic":"budgets","route":"/events"},{"pubsubname":"pubsub","topic":"usage","route":"/events"}]""";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _events = new();

    private Outside(WebApplication app) => _app = app;

    /// <summary>Where both answer.</summary>
    public Uri Address { get; } = Ports.Address(Ports.Free());

    /// <summary>The only key that the provider takes.</summary>
    public string ProviderKey { get; set; } = "";

    /// <summary>Calls that the provider refused for their key.</summary>
    public int Refused => _refused;

    /// <summary>Different events that were delivered.</summary>
    public int Events => _events.Count;

    /// <summary>Deliveries of events that had been delivered before.</summary>
    public int Duplicates => _events.Values.Sum() - _events.Count;

    private int _refused;

    /// <summary>Begins to listen.</summary>
    public static async Task<Outside> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var outside = new Outside(app);
        app.Urls.Add(outside.Address.ToString());
        app.MapPost("/v1/chat/completions", outside.Complete);
        app.MapGet("/dapr/subscribe", () => Results.Text(Subscriptions, "application/json"));
        app.MapPost("/events", outside.TakeAsync);
        await app.StartAsync();
        return outside;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Complete(HttpRequest request)
    {
        if (request.Headers.Authorization == "Bearer " + ProviderKey)
            return Results.Text(Reply, "application/json");
        Interlocked.Increment(ref _refused);
        return Results.Text("""{"error":{"message":"no such key","type":"invalid_request_error","code":"invalid_api_key"}}""", "application/json", statusCode: (int)HttpStatusCode.Unauthorized);
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var json = await JsonDocument.ParseAsync(request.Body);
        _events.AddOrUpdate(json.RootElement.GetProperty("id").GetString()!, 1, static (_, n) => n + 1);
        return Results.Text("""{"status":"SUCCESS"}""", "application/json");
    }
}
