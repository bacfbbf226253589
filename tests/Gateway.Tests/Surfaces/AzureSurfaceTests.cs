using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Azure's paths: the deployment is the model where the body names none.</summary>
public sealed class AzureSurfaceTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    private const string Path = "/openai/deployments/up/m/chat/completions?api-version=2024-10-21";

    [Theory]
    [InlineData("""{"messages":[]}""", """{"model":"m","messages":[]}""")]
    [InlineData("""{ "messages":[] }""", """{"model":"m", "messages":[] }""")]
    [InlineData("""{"model":"up/other","messages":[]}""", """{"model":"other","messages":[]}""")]
    public async Task Chat_DeploymentInThePath_IsWrittenIntoTheBody(string sent, string received)
    {
        gateway.Next(Script.Json(Wire.Completion()));

        var reply = await RawReply.PostAsync(gateway.Host, Path, sent);

        Assert.Equal(200, reply.Status);
        Assert.Equal(received, gateway.LastExchange.BodyText);
    }

    [Fact]
    public async Task Chat_StreamWithoutModel_GetsModelAndUsage()
    {
        gateway.Next(Script.Sse(Wire.Role, Wire.Text("a"), Wire.Finish(), Wire.Usage).Done());

        var reply = await RawReply.PostAsync(gateway.Host, Path, """{"stream":true,"messages":[]}""");

        Assert.True(reply.HasDone);
        Assert.Equal("""{"model":"m","stream_options":{"include_usage":true},"stream":true,"messages":[]}""", gateway.LastExchange.BodyText);
        Assert.Equal("up/m", (await gateway.NewestEntryAsync()).GetProperty("requested_model").GetString());
    }

    [Theory]
    [InlineData("/openai/deployments/up%2Fm%0A/chat/completions", """{"messages":[]}""", 400, "invalid_parameter")]
    [InlineData("/openai/deployments/up/m/chat/completions", "{}", 400, "missing_parameter")]
    [InlineData("/openai/deployments/nothing/chat/completions", """{"messages":[]}""", 404, "model_not_found")]
    public async Task Chat_BadDeployment_IsAnError(string path, string body, int status, string code)
    {
        var reply = await RawReply.PostAsync(gateway.Host, path, body);

        Assert.Equal((status, code), (reply.Status, reply.ErrorCode));
    }
}
