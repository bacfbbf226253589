using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Lists of models in the shape of each API.</summary>
public sealed class ModelListTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/openai/v1/models")]
    [InlineData("/litellm/models")]
    [InlineData("/langchain/v1/models")]
    public async Task OpenAi_Model_HasLimitsModalitiesAndPrice(string path)
    {
        var model = (await GetAsync(path)).GetProperty("data").EnumerateArray().First(m => m.GetProperty("id").ValueEquals("simulator/echo"));

        Assert.Equal(128_000, model.GetProperty("context_window").GetInt32());
        Assert.Equal(16_384, model.GetProperty("max_output_tokens").GetInt32());
        Assert.Equal(["tools", "json_schema"], Texts(model.GetProperty("capabilities")));
        Assert.Equal(["text"], Texts(model.GetProperty("input_modalities")));
        Assert.Equal(["text"], Texts(model.GetProperty("output_modalities")));
        var price = model.GetProperty("price");
        Assert.Equal((0.1m, 0.4m, 0.025m), (price.GetProperty("input_usd_per_mtok").GetDecimal(), price.GetProperty("output_usd_per_mtok").GetDecimal(), price.GetProperty("cached_input_usd_per_mtok").GetDecimal()));
        Assert.StartsWith("catalogue:", price.GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/anthropic/v1/models", "x-none")]
    [InlineData("/v1/models", "anthropic-version")]
    public async Task Anthropic_InPages_AreAllOfThem(string path, string header)
    {
        var ids = new List<string>();
        for (string? after = null; ;)
        {
            var page = await GetAsync($"{path}?limit=5{(after is null ? "" : "&after_id=" + Uri.EscapeDataString(after))}", header);
            var models = page.GetProperty("data").EnumerateArray().ToList();
            Assert.All(models, m => Assert.Equal("model", m.GetProperty("type").GetString()));
            Assert.Equal(models[0].GetProperty("id").GetString(), page.GetProperty("first_id").GetString());
            ids.AddRange(models.Select(m => m.GetProperty("id").GetString()!));
            after = page.GetProperty("last_id").GetString();
            if (!page.GetProperty("has_more").GetBoolean())
                break;
        }

        Assert.Equal((await AllAsync()).Except(["simulator/embed"]), ids);
    }

    [Theory]
    [InlineData("/genai/v1beta/models", "x-none")]
    [InlineData("/v1beta/models", "x-none")]
    [InlineData("/v1/models", "x-goog-api-client")]
    public async Task Gemini_InPages_AreAllOfThem(string path, string header)
    {
        var names = new List<string>();
        for (var token = ""; ;)
        {
            var page = await GetAsync($"{path}?pageSize=7&pageToken={Uri.EscapeDataString(token)}", header);
            names.AddRange(page.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("name").GetString()!));
            if (!page.TryGetProperty("nextPageToken", out var next))
                break;
            token = next.GetString()!;
        }

        Assert.Equal((await AllAsync()).Select(id => "models/" + id), names);
    }

    [Theory]
    [InlineData("/genai/v1beta/models/simulator/embed")]
    [InlineData("/genai/v1beta/models/simulator%2Fembed")]
    public async Task Gemini_OneModel_SaysWhatItCan(string path)
    {
        var model = await GetAsync(path);

        Assert.Equal("models/simulator/embed", model.GetProperty("name").GetString());
        Assert.Equal(8_192, model.GetProperty("inputTokenLimit").GetInt32());
        Assert.Equal(["embedContent", "batchEmbedContents"], Texts(model.GetProperty("supportedGenerationMethods")));
    }

    [Fact]
    public async Task Cohere_List_NamesEndpoints()
    {
        var models = (await GetAsync("/cohere/v1/models?page_size=1000")).GetProperty("models").EnumerateArray().ToList();

        Assert.Equal(await AllAsync(), models.Select(m => m.GetProperty("name").GetString()!));
        Assert.Equal(["embed"], Texts(models.Single(m => m.GetProperty("name").ValueEquals("simulator/embed")).GetProperty("endpoints")));
    }

    [Fact]
    public async Task Ollama_TagsShowAndVersion_AreThere()
    {
        var models = (await GetAsync("/ollama/api/tags")).GetProperty("models").EnumerateArray().ToList();
        using var body = new StringContent("""{"model":"simulator/reasoner"}""", Encoding.UTF8, "application/json");
        var show = (await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/ollama/api/show", body))).Json;
        using var none = new StringContent("""{"model":"nothing"}""", Encoding.UTF8, "application/json");
        var missing = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/ollama/api/show", none));

        Assert.Equal(await AllAsync(), models.Select(m => m.GetProperty("model").GetString()!));
        Assert.Equal(["completion", "tools", "thinking"], Texts(show.GetProperty("capabilities")));
        Assert.Equal(128_000, show.GetProperty("model_info").GetProperty("simulator.context_length").GetInt32());
        Assert.Equal(404, missing.Status);
        Assert.NotEmpty((await GetAsync("/ollama/api/version")).GetProperty("version").GetString()!);
    }

    [Theory]
    [InlineData("/anthropic/v1/models?limit=0")]
    [InlineData("/anthropic/v1/models?limit=x")]
    [InlineData("/anthropic/v1/models?after_id=nobody")]
    [InlineData("/genai/v1beta/models?pageSize=-1")]
    [InlineData("/genai/v1beta/models?pageToken=nobody")]
    public async Task Page_ThatCanNotBe_Is400(string path) =>
        Assert.Equal(400, (await RawReply.ReadAsync(await gateway.Host.Client.GetAsync(path))).Status);

    [Theory]
    [InlineData("/anthropic/v1/models")]
    [InlineData("/genai/v1beta/models")]
    [InlineData("/ollama/api/tags")]
    [InlineData("/cohere/v1/models")]
    public async Task List_WithoutKey_Is401(string path)
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        using var response = await client.GetAsync(path);
        Assert.Equal(401, (int)response.StatusCode);
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];

    private async Task<string[]> AllAsync() => [.. (await GetAsync("/v1/models")).GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!)];

    private async Task<JsonElement> GetAsync(string path, string header = "x-none")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, "2023-06-01");
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.SendAsync(request));
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
