using System.Collections.Frozen;
using System.Text;
using Gateway.Configuration;
using Gateway.Dialects.OpenAiChat;
using Gateway.Pipeline;
using Gateway.Providers.Catalogue;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Tests.Configuration;
using GatewayApi.Endpoints;
using GatewayApi.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Surfaces;

/// <summary>A server with every surface mapped, as though every operation had a dialect, that answers what it understood of a request.</summary>
public sealed class SurfaceRig : IAsyncLifetime
{
    private WebApplication _app = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new GatewayTraces());
        builder.Services.AddSingleton(new SnapshotHolder(new GatewaySnapshot
        {
            Epoch = 1,
            Providers = FrozenDictionary<string, Gateway.Providers.ProviderSnapshot>.Empty,
            Models = new ModelDirectory([], [], new TargetFactory(FakeCatalogue.Instance, new Dictionary<string, ModelCard>(), new TargetStates(TimeProvider.System)), UnknownPricePolicy.Ceiling),
            Limits = new LimitsSnapshot(),
        }));
        builder.Services.AddSingleton(new RequestPipeline(new Echo("")));
        builder.Services.AddKeyedSingleton(SurfaceEndpoints.CountPipeline, new RequestPipeline(new Echo("count|")));
        _app = builder.Build();
        _app.UseRouting();
        var dialect = new OpenAiChatDialect();
        _app.MapSurfaces(_ => dialect, new OperationPaths());
        _app.MapGet("/v1/models/{**id}", http => http.Response.WriteAsync("model " + http.Request.RouteValues["id"]));
        _app.MapFallback("{**path}", http => http.Response.WriteAsync("none"));
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    internal async Task<string> PostAsync(string path)
    {
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, body);
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class Echo(string prefix) : IStage
    {
        public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
        {
            var text = $"{prefix}{context.Operation}|{context.Request.Model}|{context.Request.Stream}|{context.IsModelInPath}";
            await context.Client.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
            await context.Client.CompleteAsync();
        }
    }
}
