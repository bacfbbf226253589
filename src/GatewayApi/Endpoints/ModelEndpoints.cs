using System.Text.Json;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects.OpenAi;
using Gateway.Errors;
using Gateway.Routing;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>, limited to what the calling key may use.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRingHolder>();
        var snapshots = app.ServiceProvider.GetRequiredService<SnapshotHolder>();
        app.MapGet("/v1/models", http => List(http, keys, snapshots)).WithMetadata(new EndpointDescription("listModels", "Lists the models that the key may use")
        {
            Produces = [new("application/json", OpenApiSchemas.ModelList)],
            Errors = [401],
        });
        app.MapGet("/v1/models/{**id}", http => Get(http, keys, snapshots)).WithMetadata(new EndpointDescription("retrieveModel", "Describes one model")
        {
            Produces = [new("application/json", OpenApiSchemas.Model)],
            Errors = [401, 404],
        });
    }

    private static async Task List(HttpContext http, KeyRingHolder keys, SnapshotHolder snapshots)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var route in snapshots.Current.Models.Listed)
        {
            if (KeyGlob.Allows(key, route))
                Write(json, route);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task Get(HttpContext http, KeyRingHolder keys, SnapshotHolder snapshots)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var model = Uri.UnescapeDataString((string?)http.GetRouteValue("id") ?? "");
        if (snapshots.Current.Models.Resolve(model) is not { } route || !KeyGlob.Allows(key, route))
        {
            await OpenAiReply.ErrorAsync(http, GatewayErrors.ModelNotFound(model));
            return;
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        Write(json, route);
    }

    private static void Write(Utf8JsonWriter json, RouteSnapshot route)
    {
        var target = route.Targets[0];
        json.WriteStartObject();
        json.WriteString("id"u8, route.Name);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0); // no catalogue says when, and clients want a number
        json.WriteString("owned_by"u8, target.Provider.Id);
        if (target.Card is { } card)
        {
            json.WriteString("mode"u8, card.Mode);
            if (card.ContextWindow is { } window)
                json.WriteNumber("context_window"u8, window);
            if (card.MaxOutput is { } output)
                json.WriteNumber("max_output_tokens"u8, output);
        }

        json.WriteEndObject();
    }
}
