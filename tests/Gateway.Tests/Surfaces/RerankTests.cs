using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>Reranking on both wires, onto providers of both.</summary>
public sealed class RerankTests : IAsyncLifetime
{
    private const string CohereReply = """{"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}],"id":"r1","meta":{"api_version":{"version":"2"},"billed_units":{"search_units":3}}}""";
    private const string JinaReply = """{"model":"BAAI/bge-reranker-v2-m3","usage":{"total_tokens":815},"results":[{"index":1,"document":{"text":"b"},"relevance_score":0.9}]}""";
    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var at = _upstream.BaseUri.GetLeftPart(UriPartial.Authority);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "cohere": { "baseUrl": "{{at}}", "apiKey": "env:UP_KEY" },
              "local": { "type": "vllm", "baseUrl": "{{at}}/v1" } },
            "unknownPrice": "fail",
            "models": { "local/m": { "inputPerMtok": 1, "outputPerMtok": 0 } },
            "routes": { "new": { "targets": ["cohere/rerank-next"], "unknownPrice": "ceiling" } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task CohereToCohere_Request_IsRelayedAndSearchesAreCharged()
    {
        _upstream.Enqueue(Script.Json(CohereReply));

        var reply = await PostAsync("/cohere/v2/rerank", """{ "top_n":2, "model":"cohere/rerank-v3.5","query":"q","documents":["a","b"],"x_new":1 }""");

        Assert.Equal((200, CohereReply), (reply.Status, reply.Text));
        Assert.Equal("/v2/rerank", _upstream.Exchanges[0].Target);
        Assert.Equal("""{ "top_n":2, "model":"rerank-v3.5","query":"q","documents":["a","b"],"x_new":1 }""", _upstream.Exchanges[0].BodyText);
        await AssertEntryAsync(searches: 3, input: 0, cost: 6_000_000, estimated: false, "catalogue:");
    }

    [Fact]
    public async Task JinaToCohere_Request_IsTranslatedAndDocumentsRepeated()
    {
        _upstream.Enqueue(Script.Json(CohereReply));

        var reply = await PostAsync("/v1/rerank", """{"model":"cohere/rerank-v3.5","query":"q","documents":[{"text":"a"},"b"],"return_documents":true,"truncate":true}""");

        Assert.Equal("/v2/rerank", _upstream.Exchanges[0].Target);
        Assert.Equal("""{"model":"rerank-v3.5","query":"q","documents":["a","b"]}""", _upstream.Exchanges[0].BodyText);
        Assert.Equal("truncate", Assert.Single(reply.Headers.GetValues("x-gateway-dropped")));
        var results = reply.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([(1, "b"), (0, "a")], results.Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("document").GetProperty("text").GetString()!)));
        Assert.Equal("rerank-v3.5", reply.Json.GetProperty("model").GetString());
        await AssertEntryAsync(searches: 3, input: 0, cost: 6_000_000, estimated: false, "catalogue:");
    }

    [Fact]
    public async Task CohereToJina_Request_IsTranslated()
    {
        _upstream.Enqueue(Script.Json(JinaReply));

        var reply = await PostAsync("/cohere/v2/rerank", """{"model":"local/m","query":"q","documents":["a","b"],"top_n":1,"max_tokens_per_doc":10}""");

        Assert.Equal("/v1/rerank", _upstream.Exchanges[0].Target);
        Assert.Equal("""{"model":"m","query":"q","documents":["a","b"],"top_n":1}""", _upstream.Exchanges[0].BodyText);
        Assert.Equal("max_tokens_per_doc", Assert.Single(reply.Headers.GetValues("x-gateway-dropped")));
        Assert.Equal("""[{"index":1,"relevance_score":0.9}]""", reply.Json.GetProperty("results").GetRawText());
        Assert.Equal(815, reply.Json.GetProperty("meta").GetProperty("billed_units").GetProperty("input_tokens").GetInt32());
        await AssertEntryAsync(searches: 0, input: 815, cost: 815_000, estimated: false, "config:");
    }

    [Fact]
    public async Task JinaToJina_Request_IsRelayed()
    {
        _upstream.Enqueue(Script.Json(JinaReply));

        var reply = await PostAsync("/v1/rerank", """{"truncate":true,"model":"local/m","query":"q","documents":["a","b"]}""");

        Assert.Equal(JinaReply, reply.Text);
        Assert.Equal("""{"truncate":true,"model":"m","query":"q","documents":["a","b"]}""", _upstream.Exchanges[0].BodyText);
    }

    [Fact]
    public async Task Searches_WithoutAPrice_AreEstimatedInTokens()
    {
        _upstream.Enqueue(Script.Json(CohereReply));

        await PostAsync("/cohere/v2/rerank", """{"model":"new","query":"q","documents":["a","b"]}""");

        var entry = (await _gateway.LedgerAsync("?limit=1"))[0];
        Assert.Equal((0, true), (entry.GetProperty("search_units").GetInt64(), entry.GetProperty("estimated").GetBoolean()));
        Assert.StartsWith("ceiling:", entry.GetProperty("price_version").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_MemberTheTargetCanNotBeTold_Is400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/cohere/v2/rerank")
        {
            Content = new StringContent("""{"model":"local/m","query":"q","documents":["a"],"max_tokens_per_doc":10}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-gateway-strict", "true");

        Assert.Equal(400, (await RawReply.ReadAsync(await _gateway.Client.SendAsync(request))).Status);
        Assert.Empty(_upstream.Exchanges);
    }

    [Theory]
    [InlineData("/v1/rerank", "cohere/rerank-v3.5")]
    [InlineData("/cohere/v2/rerank", "cohere/rerank-v3.5")]
    public async Task Reply_ThatIsNone_Is502(string path, string model)
    {
        _upstream.Enqueue(Script.Json("""{"message":"hm"}"""));

        Assert.Equal(502, (await PostAsync(path, $$"""{"model":"{{model}}","query":"q","documents":["a"]}""")).Status);
    }

    [Fact]
    public async Task Chat_WithAModelOfSearches_IsRefusedForItsUnknownPrice() =>
        Assert.Equal(400, (await PostAsync("/v1/chat/completions", """{"model":"cohere/rerank-v3.5","messages":[{"role":"user","content":"a"}]}""")).Status);

    private Task<RawReply> PostAsync(string path, string json) => RawReply.PostAsync(_gateway, path, json);

    private async Task AssertEntryAsync(long searches, long input, long cost, bool estimated, string version)
    {
        var entry = (await _gateway.LedgerAsync("?limit=1"))[0];
        Assert.Equal(
            ("rerank", searches, input, cost, estimated),
            (entry.GetProperty("operation").GetString(), entry.GetProperty("search_units").GetInt64(), entry.GetProperty("input_tokens").GetInt64(), entry.GetProperty("cost_nano_usd").GetInt64(), entry.GetProperty("estimated").GetBoolean()));
        Assert.StartsWith(version, entry.GetProperty("price_version").GetString(), StringComparison.Ordinal);
    }
}
