using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Telemetry;

public class TraceContextTests
{
    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1")]
    [InlineData("00-nonsense", "vendor=1", null, null)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", "vendor=1", null, null)]
    [InlineData(null, "vendor=1", null, null)]
    public async Task Request_WithoutTracing_PassesAValidContextOn(string? parent, string? state, string? expectedParent, string? expectedState)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"up/m","messages":[]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (parent is not null)
            request.Headers.TryAddWithoutValidation("traceparent", parent);
        request.Headers.TryAddWithoutValidation("tracestate", state);
        using var response = await gateway.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
        var seen = (await upstream.WaitForRequestAsync()).Headers;
        Assert.Equal(expectedParent, seen.TraceParent.FirstOrDefault());
        Assert.Equal(expectedState, seen.TraceState.FirstOrDefault());
    }
}
