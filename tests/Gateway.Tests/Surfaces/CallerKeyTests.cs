using System.Net;
using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Where clients put their key.</summary>
public sealed class CallerKeyTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    private const string Body = """{"model":"simulator/echo","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData("Authorization", "Bearer KEY")]
    [InlineData("authorization", "bearer KEY")]
    [InlineData("x-api-key", "KEY")]
    [InlineData("api-key", "KEY")]
    [InlineData("x-goog-api-key", "KEY")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=KEY/20261123/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=00ff")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 SignedHeaders=host, Credential=KEY/20261123/us-east-1/bedrock/aws4_request, Signature=00ff")]
    public async Task Key_InAHeaderThatAClientUses_IsFound(string name, string value) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v1/chat/completions", name, value.Replace("KEY", GatewayHost.Key, StringComparison.Ordinal)));

    [Fact]
    public async Task Key_InTheQuery_IsFound() =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/v1/chat/completions?key={GatewayHost.Key}", "x-none", "1"));

    [Theory]
    [InlineData("Authorization", "Basic KEY")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=KEY")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=/20261123, Signature=KEY")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 nothing")]
    [InlineData("x-amz-security-token", "KEY")]
    public async Task Key_Elsewhere_IsNone(string name, string value) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/chat/completions", name, value.Replace("KEY", GatewayHost.Key, StringComparison.Ordinal)));

    [Fact]
    public async Task Key_InTheQueryOfAnUnknownPath_IsNotRepeated()
    {
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.GetAsync("/v1/nothing?key=canary-key"));
        Assert.Equal(404, reply.Status);
        Assert.DoesNotContain("canary-key", reply.Text, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string name, string value)
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
