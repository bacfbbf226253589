using System.Net;
using System.Text;
using System.Text.Json;

namespace TestSidecar.Messages;

/// <summary>Speaks to applications as the sidecar does.</summary>
internal sealed class AppClient(SidecarOptions options) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>What the application subscribes to: routes by topic; null while it does not answer.</summary>
    public async Task<Dictionary<string, string>?> SubscriptionsAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/dapr/subscribe"));
            using var response = await SendAsync(request, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return [];
            if (!response.IsSuccessStatusCode)
                return null;
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return json.RootElement.EnumerateArray()
                .Where(s => Component(s) == options.PubSubComponent)
                .ToDictionary(s => s.GetProperty("topic").GetString()!, Route);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    // The runtime reads names in any case, as Go does; Dapr's own libraries write pubsubName.
    private static string? Component(JsonElement subscription) =>
        subscription.EnumerateObject().FirstOrDefault(member => member.Name.Equals("pubsubname", StringComparison.OrdinalIgnoreCase)).Value is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;

    /// <summary>Delivers an envelope.</summary>
    public async Task<DeliveryVerdict> DeliverAsync(Uri address, string route, string envelope, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, route))
            {
                Content = new StringContent(envelope, Encoding.UTF8, "application/cloudevents+json"),
            };
            using var response = await SendAsync(request, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return DeliveryVerdict.Drop;
            return response.IsSuccessStatusCode ? Verdict(await response.Content.ReadAsStringAsync(cancellation)) : DeliveryVerdict.Retry;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return DeliveryVerdict.Retry;
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (options.AppToken is not null)
            request.Headers.Add("dapr-api-token", options.AppToken);
        return _http.SendAsync(request, cancellation);
    }

    private static DeliveryVerdict Verdict(string body)
    {
        if (body.Length == 0)
            return DeliveryVerdict.Success;
        using var json = JsonDocument.Parse(body);
        return (json.RootElement.TryGetProperty("status", out var status) ? status.GetString() : "SUCCESS") switch
        {
            "SUCCESS" or "" => DeliveryVerdict.Success,
            "DROP" => DeliveryVerdict.Drop,
            _ => DeliveryVerdict.Retry,
        };
    }

    private static string Route(JsonElement subscription) =>
        subscription.TryGetProperty("route", out var route) ? route.GetString()! : subscription.GetProperty("routes").GetProperty("default").GetString()!;
}
