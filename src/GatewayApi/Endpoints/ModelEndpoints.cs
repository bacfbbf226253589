using System.Globalization;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Protocol;
using Gateway.Surfaces.Models;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary>Lists of models, and what is known of one, in the shape of the API that asks; limited to what the calling key may use.</summary>
internal sealed class ModelEndpoints(KeyRingHolder keys, SnapshotHolder snapshots)
{
    private const string IdValue = "id";

    private static readonly string[] Paths =
    [
        "/v1/models", "/openai/v1/models", "/openai/models", "/litellm/models", "/litellm/v1/models", "/langchain/models", "/langchain/v1/models",
        "/anthropic/v1/models",
        "/genai/v1beta/models", "/genai/v1/models", "/v1beta/models", "/litellm/v1beta/models", "/langchain/v1beta/models",
        "/cohere/v1/models",
    ];

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var endpoints = new ModelEndpoints(app.ServiceProvider.GetRequiredService<KeyRingHolder>(), app.ServiceProvider.GetRequiredService<SnapshotHolder>());
        var list = new EndpointDescription("listModels", "Lists the models that the key may use")
        {
            Details = "With the header `anthropic-version`, `x-goog-api-key` or `x-goog-api-client` in Anthropic's or Google's shape. `price` is what is charged; its version begins with `ceiling:` where the model's own price is unknown.",
            Produces = [new("application/json", OpenApiSchemas.ModelList)],
            Errors = [400, 401],
        };
        var one = new EndpointDescription("retrieveModel", "Describes one model")
        {
            Produces = [new("application/json", OpenApiSchemas.Model)],
            Errors = [401, 404],
        };
        foreach (var path in Paths)
        {
            app.MapGet(path, endpoints.ListAsync).WithMetadata(path == Paths[0] ? list : new EndpointAlias(list.Id));
            app.MapGet(path + "/{**id}", endpoints.GetAsync).WithMetadata(path == Paths[0] ? one : new EndpointAlias(one.Id));
        }

        app.MapGet("/ollama/api/tags", endpoints.ListAsync).WithMetadata(new EndpointAlias(list.Id));
        app.MapPost("/ollama/api/show", endpoints.ShowAsync).WithMetadata(new EndpointAlias(one.Id));
        // Clients ask before they use what is new; all that they look for is there.
        app.MapGet("/ollama/api/version", static http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync("""{"version":"0.12.0"}""");
        }).WithMetadata(new EndpointAlias(one.Id));
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var shape = ModelShapes.Of(SurfaceReply.FamilyOf(http));
        var models = new List<ListedModel>();
        var snapshot = snapshots.Current;
        foreach (var route in snapshot.Models.Listed)
        {
            if (ModelListing.Of(route, key, snapshot.Rules) is { } model && shape.Shows(model))
                models.Add(model);
        }

        var hasMore = false;
        if (shape.Paging is { } paging && Page(http.Request.Query, paging, ref models, out hasMore) is { } error)
        {
            await SurfaceReply.ErrorAsync(http, error);
            return;
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Writing);
        shape.WriteList(json, models, hasMore);
    }

    private Task GetAsync(HttpContext http) => DescribeAsync(http, Uri.UnescapeDataString((string?)http.GetRouteValue(IdValue) ?? ""));

    private async Task ShowAsync(HttpContext http)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is null)
            return;
        var exchange = new HttpClientExchange(http);
        using var body = await exchange.ReadBodyAsync(64 * 1024);
        var facts = new RequestFacts();
        var error = body is null
            ? new GatewayError(ErrorKinds.BodyTooLarge, "The request body is too large.")
            : DialectRegistry.For(Operation.ChatCompletions)!.ReadRequest(body.WrittenSpan, facts);
        if (error is not null)
            await SurfaceReply.ErrorAsync(http, error);
        else
            await DescribeAsync(http, facts.Model);
    }

    private async Task DescribeAsync(HttpContext http, string model)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var snapshot = snapshots.Current;
        if (snapshot.Models.Resolve(model) is not { } route || ModelListing.Of(route, key, snapshot.Rules) is not { } listed)
        {
            await SurfaceReply.ErrorAsync(http, GatewayErrors.ModelNotFound(model));
            return;
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Writing);
        ModelShapes.Of(SurfaceReply.FamilyOf(http)).WriteModel(json, listed);
    }

    private static GatewayError? Page(IQueryCollection query, ModelPaging paging, ref List<ListedModel> models, out bool hasMore)
    {
        hasMore = false;
        var size = paging.DefaultSize;
        if ((string?)query[paging.Size] is { Length: > 0 } written && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size == 0))
            return Invalid(paging.Size, "must be a positive whole number.");
        var start = 0;
        if ((string?)query[paging.After] is { Length: > 0 } after && (start = models.FindIndex(m => m.Id == after) + 1) == 0)
            return Invalid(paging.After, "is not one that this gateway gave out.");
        size = Math.Min(size, paging.MaxSize);
        hasMore = models.Count - start > size;
        models = models.GetRange(start, Math.Min(size, models.Count - start));
        return null;
    }

    private static GatewayError Invalid(string name, string fault) => new(ErrorKinds.InvalidParameter, $"'{name}' {fault}") { Param = name };
}
