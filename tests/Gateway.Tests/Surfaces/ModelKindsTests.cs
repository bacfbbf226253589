using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Models that do not chat, as the lists of each API show them.</summary>
public sealed class ModelKindsTests : IAsyncLifetime
{
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayHost.StartAsync(
        """
        "providers": { "openai": { "apiKey": "env:UP_KEY" }, "cohere": { "apiKey": "env:UP_KEY" } }
        """);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Theory]
    [InlineData("cohere/rerank-v3.5", "rerank", "text", "ranking", "usd_per_search", "0.002")]
    [InlineData("openai/dall-e-2", "image", "text", "image", "usd_per_image", "0.02")]
    [InlineData("openai/tts-1", "audio_speech", "text", "audio", "usd_per_mchar", "15")]
    [InlineData("openai/whisper-1", "audio_transcription", "audio", "text", "usd_per_audio_minute", "0.006")]
    [InlineData("openai/gpt-4o-mini-transcribe", "audio_transcription", "audio", "text", "input_usd_per_mtok", "1.25")]
    [InlineData("openai/omni-moderation-latest", "moderation", "text", "moderation", "input_usd_per_mtok", "0")]
    [InlineData("openai/gpt-4o-realtime-preview", "realtime", "text,audio", "text,audio", "audio_input_usd_per_mtok", "40")]
    [InlineData("openai/gpt-4o", "chat", "text,image,file", "text", "input_usd_per_mtok", "2.5")]
    [InlineData("openai/text-embedding-3-small", "embedding", "text", "embedding", "input_usd_per_mtok", "0.02")]
    public async Task OpenAi_EveryKind_IsListedWithModalitiesAndPrice(string id, string mode, string inputs, string outputs, string unit, string usd)
    {
        var model = (await GetAsync("/v1/models")).GetProperty("data").EnumerateArray().Single(m => m.GetProperty("id").ValueEquals(id));

        Assert.Equal(mode, model.GetProperty("mode").GetString());
        Assert.Equal((inputs, outputs), (Texts(model.GetProperty("input_modalities")), Texts(model.GetProperty("output_modalities"))));
        Assert.Equal(usd, model.GetProperty("price").GetProperty(unit).GetDecimal().ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task OpenAi_ModelOfSearches_HasNoPriceOfTokens()
    {
        var model = await GetAsync("/v1/models/cohere/rerank-v3.5");

        Assert.Equal(["version", "usd_per_search"], model.GetProperty("price").EnumerateObject().Select(m => m.Name));
        Assert.StartsWith("catalogue:", model.GetProperty("price").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.True(model.GetProperty("context_window").GetInt32() > 0);
    }

    [Fact]
    public async Task OpenAi_KindNobodyServes_IsNotListed() =>
        Assert.DoesNotContain((await GetAsync("/v1/models")).GetProperty("data").EnumerateArray(), m => m.GetProperty("mode").GetString() is "video" or "ocr" or "search");

    [Theory]
    [InlineData("/anthropic/v1/models?limit=1000", "data", "id", "", "chat")]
    [InlineData("/genai/v1beta/models?pageSize=1000", "models", "name", "models/", "chat,embedding")]
    [InlineData("/cohere/v1/models?page_size=1000", "models", "name", "", "chat,embedding,rerank")]
    [InlineData("/ollama/api/tags", "models", "name", "", "chat,embedding")]
    public async Task OtherApis_List_HasWhatTheirClientsCanAsk(string path, string list, string name, string prefix, string kinds)
    {
        var allowed = kinds.Split(',').Append("completion").ToHashSet();
        var expected = (await GetAsync("/v1/models")).GetProperty("data").EnumerateArray()
            .Where(m => allowed.Contains(m.GetProperty("mode").GetString()!)).Select(m => prefix + m.GetProperty("id").GetString());

        Assert.Equal(expected, (await GetAsync(path)).GetProperty(list).EnumerateArray().Select(m => m.GetProperty(name).GetString()!));
    }

    [Fact]
    public async Task Cohere_Reranker_SaysItsEndpoint()
    {
        var models = (await GetAsync("/cohere/v1/models?page_size=1000")).GetProperty("models").EnumerateArray();

        Assert.Equal("rerank", Texts(models.Single(m => m.GetProperty("name").ValueEquals("cohere/rerank-v3.5")).GetProperty("endpoints")));
    }

    private static string Texts(JsonElement array) => string.Join(',', array.EnumerateArray().Select(e => e.GetString()));

    private async Task<JsonElement> GetAsync(string path)
    {
        var reply = await RawReply.ReadAsync(await _gateway.Client.GetAsync(path));
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
