using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Configuration;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

public class Http2ListenerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Http2Url_PriorKnowledge_IsServed(bool stream)
    {
        await using var gateway = await GatewayHost.StartAsync("", server: """ "http2Urls": ["http://127.0.0.1:0"] """);
        using var client = new HttpClient { BaseAddress = gateway.Addresses[1], DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.Key);
        var body = $$"""{"model":"simulator/echo","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"over two"}]}""";

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/chat/completions", content);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(stream ? "[DONE]" : "over two", text, StringComparison.Ordinal);
        using var other = await gateway.PostAsync("/v1/chat/completions", body);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (other.StatusCode, other.Version));
    }

    [Theory]
    [InlineData("""{ "server": { "http2Urls": ["https://localhost:8081"] } }""", "$.server.http2Urls[0]")]
    [InlineData("""{ "server": { "http2Urls": ["http://localhost:8080"] } }""", "$.server.http2Urls[0]")]
    [InlineData("""{ "server": { "http2Urls": [] } }""", "$.server.http2Urls")]
    public void Http2Url_NotOne_IsAProblem(string json, string path) => Assert.Equal(path, Configured.Problem(json).Path);
}
