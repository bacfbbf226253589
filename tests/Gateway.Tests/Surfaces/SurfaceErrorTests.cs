using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>What is answered outside an operation has the shape of the API that the path means.</summary>
public sealed class SurfaceErrorTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    [Theory]
    [InlineData("/anthropic/v1/messages", 401)]
    [InlineData("/anthropic/v1/nothing", 404)]
    [InlineData("/v1/messages/batches", 404)]
    [InlineData("/anthropic/v1/messages/count_tokens", 401)]
    public async Task Anthropic_Error_HasItsShape(string path, int status)
    {
        var reply = await PostAsync(path, "{}");

        Assert.Equal(status, reply.Status);
        Assert.Equal("error", reply.Json.GetProperty("type").GetString());
        Assert.Equal(status == 401 ? "authentication_error" : "not_found_error", reply.Json.GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/ollama/api/chat", 401)]
    [InlineData("/ollama/api/generate", 404)]
    public async Task Ollama_Error_IsAText(string path, int status)
    {
        var reply = await PostAsync(path, "{}");

        Assert.Equal(status, reply.Status);
        Assert.NotEmpty(reply.Json.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("/cohere/v2/chat", 401)]
    [InlineData("/cohere/v1/nothing", 404)]
    public async Task Cohere_Error_HasAMessage(string path, int status)
    {
        var reply = await PostAsync(path, "{}");

        Assert.Equal(status, reply.Status);
        Assert.NotEmpty(reply.Json.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Anthropic_Count_IsAnEstimateWithoutALedgerEntry()
    {
        var before = (await gateway.Host.LedgerAsync("?limit=1000")).Length;

        var reply = await PostAsync("/anthropic/v1/messages/count_tokens", """{"model":"simulator/echo","system":"Be kind.","messages":[{"role":"user","content":"How many tokens is this?"}]}""", GatewayHost.Key);

        Assert.Equal(200, reply.Status);
        Assert.InRange(reply.Json.GetProperty("input_tokens").GetInt32(), 8, 30);
        Assert.Equal("true", reply.Headers.GetValues("x-gateway-estimated").Single());
        Assert.Equal(before, (await gateway.Host.LedgerAsync("?limit=1000")).Length);
    }

    [Theory]
    [InlineData("secret/echo")]
    [InlineData("nothing")]
    public async Task Anthropic_CountOfAModelTheKeyMayNotUse_Is404(string model)
    {
        var reply = await PostAsync("/v1/messages/count_tokens", $$"""{"model":"{{model}}","messages":[]}""", GatewayHost.OtherKey);

        Assert.Equal((404, "not_found_error"), (reply.Status, reply.Json.GetProperty("error").GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("/anthropic/v1/messages", """{"model":"simulator/echo","max_tokens":50,"messages":[{"role":"user","content":"through"}]}""", "application/json")]
    [InlineData("/v1/messages", """{"model":"simulator/echo","max_tokens":50,"messages":[{"role":"user","content":"through"}]}""", "application/json")]
    [InlineData("/cohere/v2/chat", """{"model":"simulator/echo","messages":[{"role":"user","content":"through"}]}""", "application/json")]
    [InlineData("/ollama/api/chat", """{"model":"simulator/echo","stream":false,"messages":[{"role":"user","content":"through"}]}""", "application/json")]
    [InlineData("/ollama/api/chat", """{"model":"simulator/echo","stream":false,"messages":[{"role":"user","content":"through"}]}""", "application/x-www-form-urlencoded")]
    public async Task Chat_OfAnotherApi_IsAnswered(string path, string body, string type)
    {
        var reply = await PostAsync(path, body, GatewayHost.Key, type);

        Assert.Equal(200, reply.Status);
        Assert.Contains("through", reply.Text, StringComparison.Ordinal);
    }

    private async Task<RawReply> PostAsync(string path, string body, string? key = null, string type = "application/json")
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("x-api-key", key);
        return await RawReply.ReadAsync(await client.SendAsync(request));
    }
}
