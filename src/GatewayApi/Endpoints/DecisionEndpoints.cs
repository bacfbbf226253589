using Gateway.Admission;
using Gateway.Errors;
using Gateway.Routing;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary><c>GET /v1/decisions/{request-id}</c>: which way a request took that asked for it to be kept.</summary>
internal static class DecisionEndpoints
{
    /// <summary>What the descriptions of both endpoints say.</summary>
    public const string Details = "Of a request that was sent with `x-gateway-explain: 1` to the same replica within the last 15 minutes; of each key the last 100 are kept.";

    public static void MapDecisions(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRingHolder>();
        var decisions = app.ServiceProvider.GetRequiredService<DecisionLog>();
        app.MapGet("/v1/decisions/{id}", http => ShowAsync(http, keys, decisions)).WithMetadata(new EndpointDescription("getDecision", "Shows which way a request of the key took, and why")
        {
            Details = Details,
            Produces = [new("application/json", OpenApiSchemas.Decision)],
            Errors = [401, 404],
        });
    }

    /// <summary>What who asks for a record that is not there is told.</summary>
    public static GatewayError NotFound(string id) => new(ErrorKinds.ObjectNotFound, $"There is no decision of a request '{id}': it was not asked for, or not of this replica, or too long ago.");

    /// <summary>Answers with a record.</summary>
    public static async Task WriteAsync(HttpContext http, DecisionRecord record)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = record.Json.Length;
        await http.Response.BodyWriter.WriteAsync(record.Json, http.RequestAborted);
    }

    private static async Task ShowAsync(HttpContext http, KeyRingHolder keys, DecisionLog decisions)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var id = (string)http.GetRouteValue("id")!;
        if (decisions.Find(key.Id, id) is { } record)
            await WriteAsync(http, record);
        else
            await SurfaceReply.ErrorAsync(http, NotFound(id));
    }
}
