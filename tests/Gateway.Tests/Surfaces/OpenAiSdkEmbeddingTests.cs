using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI.Embeddings;

namespace Gateway.Tests.Surfaces;

/// <summary>Embeddings through the official SDK, which asks for base64 and decodes without looking.</summary>
public sealed class OpenAiSdkEmbeddingTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    [Fact]
    public async Task Generate_ProviderAnswersFloats_DecodesTheRightVectors()
    {
        gateway.Next(Script.Json(Wire.FloatEmbeddings));

        OpenAIEmbeddingCollection reply = await Sdk.Client(gateway.Host).GetEmbeddingClient("up/m").GenerateEmbeddingsAsync(["a", "b"]);

        Assert.Equal([0.5f, -1.25f, 3e-2f], reply[0].ToFloats().ToArray());
        Assert.Equal([1f, 0f, -0.125f], reply[1].ToFloats().ToArray());
        Assert.Equal("base64", JsonDocument.Parse(gateway.LastExchange.Body).RootElement.GetProperty("encoding_format").GetString());
        Assert.Equal(4, (await gateway.NewestEntryAsync()).GetProperty("input_tokens").GetInt64());
    }

    [Fact]
    public async Task Generate_ProviderAnswersBase64_PassesUntouched()
    {
        const string Body = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AAAAPwAAoL8="}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""";
        gateway.Next(Script.Json(Body), Script.Json(Body));

        OpenAIEmbedding reply = await Sdk.Client(gateway.Host).GetEmbeddingClient("up/m").GenerateEmbeddingAsync("a");
        var raw = await RawReply.PostAsync(gateway.Host, "/v1/embeddings", """{"model":"up/m","input":"a","encoding_format":"base64"}""");

        Assert.Equal([0.5f, -1.25f], reply.ToFloats().ToArray());
        Assert.Equal(Body, raw.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","encoding_format":"float" """)]
    public async Task Post_FloatsWanted_ByteIdentical(string format)
    {
        gateway.Next(Script.Json(Wire.FloatEmbeddings));

        var raw = await RawReply.PostAsync(gateway.Host, "/v1/embeddings", $$"""{"model":"up/m","input":"a"{{format}}}""");

        Assert.Equal(Wire.FloatEmbeddings, raw.Text);
    }

    [Fact]
    public async Task Generate_Simulator_GivesUnitVectors()
    {
        await using var simulated = await GatewayHost.StartWithSimulatorAsync();

        OpenAIEmbeddingCollection reply = await Sdk.Client(simulated).GetEmbeddingClient("simulator/embed")
            .GenerateEmbeddingsAsync(["one", "two", "one"], new EmbeddingGenerationOptions { Dimensions = 64 });

        Assert.All(reply, one => Assert.Equal(1f, one.ToFloats().ToArray().Sum(x => x * x), 3));
        Assert.Equal(reply[0].ToFloats().ToArray(), reply[2].ToFloats().ToArray());
        Assert.NotEqual(reply[0].ToFloats().ToArray(), reply[1].ToFloats().ToArray());
    }
}
