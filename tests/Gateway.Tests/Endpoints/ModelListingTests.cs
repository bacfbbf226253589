using System.Net.Http.Headers;
using System.Text;
using Gateway.Pipeline;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Endpoints;

/// <summary>What the lists of models show to keys whose data may not go everywhere.</summary>
public sealed class ModelListingTests : IAsyncLifetime
{
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayHost.StartAsync(
        """
        "providers": {
          "abroad": { "type": "openai", "apiKey": "env:UP_KEY", "residency": "us", "retention": "none" },
          "home": { "type": "openai", "apiKey": "env:UP_KEY", "residency": "eu", "retention": "30d" },
          "somewhere": { "type": "openai", "apiKey": "env:UP_KEY" } },
        "routes": {
          "any": { "targets": ["abroad/gpt-4o", "home/gpt-4o"] },
          "foreign": { "targets": ["abroad/gpt-4o", "somewhere/gpt-4o"] },
          "european": { "targets": ["home/gpt-4o"], "residency": ["eu"] },
          "ruled": { "targets": ["abroad/gpt-4o"], "rules": [ { "name": "home", "when": "request.stream", "to": ["foreign", "home/gpt-4o"] } ] },
          "lost": { "targets": ["abroad/gpt-4o"], "rules": [ { "name": "away", "to": ["foreign"] } ] } },
        "customers": { "clinic": { "models": ["*"], "residency": ["eu"] } },
        "keys": [
          { "id": "free", "value": "env:TEST_KEY", "models": ["*"] },
          { "id": "ward", "customer": "clinic", "value": "env:OTHER_KEY" },
          { "id": "brief", "value": "env:DISABLED_KEY", "models": ["*"], "retention": ["none"] } ]
        """);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Theory]
    [InlineData(GatewayHost.Key, "any european foreign lost ruled abroad home somewhere")]
    [InlineData(GatewayHost.OtherKey, "any european ruled home")]
    [InlineData(GatewayHost.DisabledKey, "any foreign lost ruled abroad")]
    public async Task List_KeyWithDataPolicy_HasWhatATargetMayServe(string key, string expected)
    {
        foreach (var (path, list, id) in new[]
        {
            ("/v1/models", "data", "id"), ("/anthropic/v1/models?limit=1000", "data", "id"), ("/genai/v1beta/models?pageSize=1000", "models", "name"),
            ("/cohere/v1/models?page_size=1000", "models", "name"), ("/ollama/api/tags", "models", "name"),
        })
        {
            var names = (await SendAsync(HttpMethod.Get, path, key)).Json.GetProperty(list).EnumerateArray().Select(m => m.GetProperty(id).GetString()!.Replace("models/", "", StringComparison.Ordinal));
            // Routes by their names, models by their providers'.
            Assert.Equal(expected.Split(' ').Order(), names.Select(name => name.Split('/')[0]).Distinct().Order());
        }
    }

    [Theory]
    [InlineData(GatewayHost.Key, "any", "abroad")]
    [InlineData(GatewayHost.OtherKey, "any", "home")]
    [InlineData(GatewayHost.OtherKey, "european", "home")]
    [InlineData(GatewayHost.OtherKey, "ruled", "home")]
    [InlineData(GatewayHost.OtherKey, "home/in-no-catalogue", "home")]
    [InlineData(GatewayHost.DisabledKey, "any", "abroad")]
    public async Task Get_SomeTargetsMayServe_IsDescribedByTheFirstOfThem(string key, string model, string provider)
    {
        var reply = await SendAsync(HttpMethod.Get, "/v1/models/" + model, key);
        Assert.Equal(200, reply.Status);
        Assert.Equal((model, provider), (reply.Json.GetProperty("id").GetString(), reply.Json.GetProperty("owned_by").GetString()));
    }

    [Theory]
    [InlineData("/v1/models/", "foreign")]
    [InlineData("/v1/models/", "lost")]
    [InlineData("/v1/models/", "abroad/gpt-4o")]
    [InlineData("/v1/models/", "abroad/in-no-catalogue")]
    [InlineData("/anthropic/v1/models/", "foreign")]
    [InlineData("/genai/v1beta/models/", "foreign")]
    [InlineData("/cohere/v1/models/", "foreign")]
    [InlineData("/ollama/api/show", "foreign")]
    public async Task Get_NoTargetMayServe_IsAnsweredLikeWhatIsNotThere(string path, string model)
    {
        var (hidden, missing) = (await DescribeAsync(path, model), await DescribeAsync(path, "nothing"));
        Assert.Equal((404, 404), (hidden.Status, missing.Status));
        Assert.Equal(missing.Text.Replace("nothing", model, StringComparison.Ordinal), hidden.Text);
    }

    private Task<RawReply> DescribeAsync(string path, string model) => path.EndsWith('/')
        ? SendAsync(HttpMethod.Get, path + model, GatewayHost.OtherKey)
        : SendAsync(HttpMethod.Post, path, GatewayHost.OtherKey, new StringContent($$"""{"model":"{{model}}"}""", Encoding.UTF8, "application/json"));

    private async Task<RawReply> SendAsync(HttpMethod method, string path, string key, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add(ReplyHeaders.RequestId, "one"); // some errors name it
        return await RawReply.ReadAsync(await _gateway.Client.SendAsync(request));
    }
}
