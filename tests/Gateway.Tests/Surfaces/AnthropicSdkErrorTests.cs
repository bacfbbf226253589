using System.Net;
using Anthropic.Exceptions;
using Gateway.Tests.Compatibility;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Every kind of error becomes the official Anthropic client's own exception.</summary>
public sealed class AnthropicSdkErrorTests(CompatibilityFixture fixture) : IClassFixture<CompatibilityFixture>
{
    [Fact]
    public async Task Create_UnknownKey_IsUnauthorized()
    {
        var error = await ThrowsAsync<AnthropicUnauthorizedException>("claude/chat", false, "gw-wrong");

        Assert.Equal("authentication_error", TypeOf(error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_UnknownModel_IsNotFound(bool stream)
    {
        var error = await ThrowsAsync<AnthropicNotFoundException>("nobody/none", stream);

        Assert.Equal("not_found_error", TypeOf(error));
        Assert.Contains("nobody/none", error.Message);
    }

    [Fact]
    public async Task Create_MessageThatIsNone_IsABadRequest()
    {
        var ask = AnthropicSdk.Ask("chat/chat", AnthropicSdk.Message("""{"role":"user","content":5}"""));

        var error = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => AnthropicSdk.Client(fixture.Gateway).Messages.Create(ask));

        Assert.Equal("invalid_request_error", TypeOf(error));
    }

    [Theory]
    [InlineData("claude", 400, HttpStatusCode.BadRequest)]
    [InlineData("chat", 400, HttpStatusCode.BadRequest)]
    [InlineData("gemini", 400, HttpStatusCode.BadRequest)]
    [InlineData("claude", 404, HttpStatusCode.NotFound)]
    [InlineData("chat", 404, HttpStatusCode.NotFound)]
    [InlineData("claude", 401, HttpStatusCode.BadGateway)]
    [InlineData("chat", 500, HttpStatusCode.BadGateway)]
    [InlineData("claude", 529, HttpStatusCode.ServiceUnavailable)]
    [InlineData("aws", 503, HttpStatusCode.ServiceUnavailable)]
    public async Task Call_ProviderRefuses_IsTheExceptionOfItsStatus(string provider, int status, HttpStatusCode seen)
    {
        fixture.Upstream(exchange =>
        {
            exchange.Context.Response.StatusCode = status;
            return exchange.Context.Response.Body.WriteAsync("""{"error":{"message":"no","type":"some_error"}}"""u8.ToArray()).AsTask();
        });

        foreach (var stream in new[] { false, true })
        {
            AnthropicApiException error = seen switch
            {
                HttpStatusCode.BadRequest => await ThrowsAsync<AnthropicBadRequestException>(provider + "/chat", stream),
                HttpStatusCode.NotFound => await ThrowsAsync<AnthropicNotFoundException>(provider + "/chat", stream),
                HttpStatusCode.ServiceUnavailable => await ThrowsAsync<AnthropicServiceUnavailableException>(provider + "/chat", stream),
                _ => await ThrowsAsync<Anthropic5xxException>(provider + "/chat", stream),
            };

            Assert.Equal(seen, error.StatusCode);
            Assert.EndsWith("_error", TypeOf(error));
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("claude")]
    [InlineData("gemini")]
    public async Task Stream_ProviderBreaksOff_IsAnErrorOfTheStream(string provider)
    {
        var wire = CompatibilityFixture.Wires.Single(w => w.Provider == provider);
        fixture.Upstream(async exchange =>
        {
            exchange.Context.Response.ContentType = wire.StreamType;
            var pieces = wire.Stream(Feature.Stream, System.Text.Json.Nodes.JsonNode.Parse(exchange.Body)!).ToArray();
            foreach (var piece in pieces.Take(Math.Max(1, pieces.Length - 3)))
            {
                await exchange.Context.Response.Body.WriteAsync(piece);
                await exchange.Context.Response.Body.FlushAsync();
            }

            exchange.Context.Abort();
        });

        var text = 0;
        await Assert.ThrowsAsync<AnthropicSseException>(async () =>
        {
            await foreach (var item in AnthropicSdk.Client(fixture.Gateway).Messages.CreateStreaming(AnthropicSdk.Ask(provider + "/chat")))
                text += item.TryPickContentBlockDelta(out _) ? 1 : 0;
        });

        Assert.True(text > 0);
    }

    private static string TypeOf(AnthropicApiException error) => error.Body.GetProperty("error").GetProperty("type").GetString()!;

    private async Task<T> ThrowsAsync<T>(string model, bool stream, string key = GatewayHost.Key)
        where T : AnthropicApiException
    {
        var client = AnthropicSdk.Client(fixture.Gateway, key);
        Task Call() => stream ? AnthropicSdk.ReadAsync(client.Messages.CreateStreaming(AnthropicSdk.Ask(model))) : client.Messages.Create(AnthropicSdk.Ask(model));
        return await Assert.ThrowsAnyAsync<T>(Call);
    }
}
