using Gateway.Tests.Testing;
using GatewayApi.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Gateway.Tests.Endpoints;

public class OpenApiTests
{
    [Fact]
    public async Task Description_IsValidAndNamesEveryRoute()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        var (document, diagnostic) = OpenApiDocument.Parse(await gateway.Client.GetStringAsync("/openapi/v1.json"), "json");
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal("AI gateway", document!.Info.Title);

        var described = document.Paths.SelectMany(p => p.Value.Operations!.Select(o => $"{o.Key} {p.Key}")).Order();
        var endpoints = gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !e.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal) && e.Metadata.GetMetadata<IHttpMethodMetadata>() is not null) // all but the fallback
            .ToArray();
        var mapped = endpoints.Where(e => e.Metadata.GetMetadata<EndpointAlias>() is null)
            .Select(e => $"{e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {e.Metadata.GetMetadata<EndpointDescription>()?.Path ?? e.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}").Order();
        Assert.Equal(mapped, described);
        var ids = document.Paths.SelectMany(p => p.Value.Operations!.Values).Select(o => o.OperationId).ToArray();
        Assert.All(endpoints.Select(e => e.Metadata.GetMetadata<EndpointAlias>()).OfType<EndpointAlias>(), alias => Assert.Contains(alias.Id, ids));
        Assert.Contains("POST /v1/chat/completions", described);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task Description_OfChatAndLedger_SaysWhatAClientNeeds()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        var document = OpenApiDocument.Parse(await gateway.Client.GetStringAsync("/openapi/v1.json"), "json").Document!;
        var chat = document.Paths["/v1/chat/completions"].Operations![HttpMethod.Post];
        Assert.Equal(["application/json", "text/event-stream"], chat.Responses!["200"].Content!.Keys.Order());
        Assert.Equal(["200", "400", "401", "404", "413", "429", "502", "503", "504"], chat.Responses.Keys.Order());
        Assert.Equal(["error"], chat.Responses["429"].Content!["application/json"].Schema!.Properties!.Keys);
        Assert.Equal(["messages", "model"], chat.RequestBody!.Content!["application/json"].Schema!.Required!.Order());
        Assert.Equal(["api-key", "bearer", "x-api-key", "x-goog-api-key"], chat.Security!.SelectMany(s => s.Keys).Select(s => s.Reference.Id).Order());

        var ledger = document.Paths["/admin/ledger"].Operations![HttpMethod.Get];
        Assert.Equal(["adminKey"], ledger.Security!.SelectMany(s => s.Keys).Select(s => s.Reference.Id));
        Assert.Equal(15, ledger.Parameters!.Count);
        var entry = document.Components!.Schemas!["LedgerEntry"].Properties!;
        Assert.Equal(JsonSchemaType.Integer, entry["cost_nano_usd"].Type);
        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"simulator/echo","messages":[{"role":"user","content":"hi"}]}""");
        response.EnsureSuccessStatusCode();
        var written = Assert.Single(await gateway.LedgerAsync()).EnumerateObject().Select(p => p.Name);
        Assert.Equal(entry.Keys.Order(), written.Order());
        foreach (var parameter in ledger.Parameters!)
        {
            var value = parameter.Name switch { "from" or "to" => "2026-01-01T00:00:00Z", "outcome" => "failed", "limit" => "5", "format" => "csv", "cursor" => null, _ => "x" };
            if (value is not null)
                await gateway.LedgerPageAsync($"?{parameter.Name}={value}");
        }
    }
}
