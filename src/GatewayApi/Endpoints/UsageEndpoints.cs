using System.Text.Json;
using Gateway.Admission;
using Gateway.Errors;
using Gateway.Metering;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary><c>GET /v1/usage</c>: what a key used.</summary>
internal static class UsageEndpoints
{
    /// <summary>The parameters of a span.</summary>
    public static readonly EndpointParameter[] Span =
    [
        new("from", "First moment counted; the beginning when missing.", "date-time"),
        new("to", "First moment no longer counted; now when missing.", "date-time"),
    ];

    public static void MapUsage(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRingHolder>();
        var ledger = app.ServiceProvider.GetRequiredService<Ledger>();
        app.MapGet("/v1/usage", http => Usage(http, keys, ledger)).WithMetadata(new EndpointDescription("getUsage", "Sums up what the key used, by model")
        {
            Parameters = Span,
            Produces = [new("application/json", OpenApiSchemas.Usage)],
            Errors = [400, 401],
        });
    }

    private static async Task Usage(HttpContext http, KeyRingHolder keys, Ledger ledger)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var parameters = http.Request.Query;
        if (Unknown(parameters, Span) is { } unknown
            || !QueryTime.TryRead(parameters, "from", out var from, out unknown) || !QueryTime.TryRead(parameters, "to", out var to, out unknown))
        {
            await SurfaceReply.ErrorAsync(http, unknown!);
            return;
        }

        var summary = await ledger.SummarizeAsync(key.Id, from, to, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        LedgerJson.Write(json, summary);
    }

    /// <summary>A filter that is misspelt would otherwise silently show everything.</summary>
    private static GatewayError? Unknown(IQueryCollection parameters, EndpointParameter[] known) =>
        parameters.Keys.FirstOrDefault(name => !Array.Exists(known, p => p.Name == name)) is { } unknown
            ? new GatewayError(ErrorKinds.InvalidParameter, $"There is no parameter '{unknown}'; there are {string.Join(", ", known.Select(p => p.Name))}.") { Param = unknown }
            : null;
}
