using System.ClientModel;
using Gateway.Tests.Testing;
using OpenAI.Models;

namespace Gateway.Tests.Surfaces;

/// <summary>GET /v1/models and /v1/models/{id}, limited to what a key may use.</summary>
public sealed class OpenAiSdkModelTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    [Fact]
    public async Task List_KeyForEverything_HasRoutesAndModels()
    {
        OpenAIModelCollection models = await Sdk.Client(gateway.Host).GetOpenAIModelClient().GetModelsAsync();

        var ids = models.Select(model => model.Id).ToList();
        Assert.Contains("simulator/echo", ids);
        Assert.Contains("simulator/embed", ids);
        Assert.Contains("secret/echo", ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(models, model => Assert.Equal("simulator", model.OwnedBy));
    }

    [Fact]
    public async Task List_KeyWithGlobs_HasOnlyWhatItMayUse()
    {
        OpenAIModelCollection models = await Sdk.Client(gateway.Host, GatewayHost.OtherKey).GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(["simulator/echo", "simulator/embed", "team/echo"], models.Select(model => model.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("simulator/echo")]
    [InlineData("team/echo")]
    [InlineData("echo")]
    public async Task Get_NameWithOrWithoutSlash_IsThatModel(string id)
    {
        OpenAIModel model = await Sdk.Client(gateway.Host, GatewayHost.OtherKey).GetOpenAIModelClient().GetModelAsync(id);

        Assert.Equal(id, model.Id);
    }

    [Theory]
    [InlineData("/v1/models/simulator/echo")]
    [InlineData("/v1/models/simulator%2Fecho")]
    [InlineData("/v1/models/simulator%2fecho")]
    public async Task Get_EncodedOrNot_IsTheSameModel(string path)
    {
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.GetAsync(path));

        Assert.Equal(200, reply.Status);
        Assert.Equal("simulator/echo", reply.Json.GetProperty("id").GetString());
        Assert.Equal("model", reply.Json.GetProperty("object").GetString());
    }

    [Theory]
    [InlineData("simulator/chat")]
    [InlineData("chat")]
    [InlineData("secret/echo")]
    [InlineData("none-such")]
    [InlineData("none/such")]
    public async Task Get_NotThereOrNotAllowed_IsTheSame404(string id)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Sdk.Client(gateway.Host, GatewayHost.OtherKey).GetOpenAIModelClient().GetModelAsync(id));

        Assert.Equal((404, "model_not_found", "invalid_request_error", "model"), Sdk.ErrorOf(error));
    }

    [Theory]
    [InlineData("simulator/chat")]
    [InlineData("chat")]
    [InlineData("secret/echo")]
    public async Task Chat_NotAllowed_IsTheSame404AsNotThere(string model)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => Sdk.Client(gateway.Host, GatewayHost.OtherKey).GetChatClient(model).CompleteChatAsync("x"));

        Assert.Equal((404, "model_not_found", "invalid_request_error", "model"), Sdk.ErrorOf(error));
    }

    [Fact]
    public async Task Chat_NotAllowedAndOfAnotherKind_DoesNotGiveItselfAway()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await GatewayHost.StartAsync(
            upstream,
            settings: """ "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["nothing*"] }], "routes": { "hidden": { "targets": ["up/m"] }, "dear": { "targets": ["up/unpriced"], "unknownPrice": "fail" } } """,
            provider: """ "paths": { "completions": null } """);

        foreach (var model in new[] { "hidden", "dear", "absent" })
        {
            var reply = await RawReply.PostAsync(host, "/v1/completions", $$"""{"model":"{{model}}","prompt":"x"}""");
            Assert.Equal((404, "model_not_found"), (reply.Status, reply.ErrorCode));
        }
    }

    [Fact]
    public async Task Get_NoName_IsAnErrorInOpenAisShape()
    {
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.GetAsync("/v1/models/"));

        Assert.True(reply.Status is 200 or 404, reply.Status + " " + reply.Text);
        if (reply.Status == 404)
            Assert.NotNull(reply.ErrorCode);
    }
}
