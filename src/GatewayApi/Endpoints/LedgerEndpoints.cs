using System.Globalization;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Errors;
using Gateway.Metering;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary><c>GET /admin/ledger</c> for the administrator, <c>GET /v1/usage</c> for a key's own.</summary>
internal static class LedgerEndpoints
{
    private static readonly EndpointParameter[] UsageParameters =
    [
        new("from", "First moment counted; the beginning when missing.", "date-time"),
        new("to", "First moment no longer counted; now when missing.", "date-time"),
    ];

    private static readonly EndpointParameter[] LedgerParameters =
    [
        .. UsageParameters,
        new("key", "Only replies to the virtual key with this id."),
        new("customer", "Only replies to keys of the customer with this id."),
        new("team", "Only replies to keys of the team with this id."),
        new("user", "Only replies to keys of the user with this id."),
        new("provider", "Only replies of the provider with this id."),
        new("model", "Only replies to requests for this model, as the client wrote it."),
        new("outcome", "Only replies that ended so.", Values: ["completed", "failed", "interrupted", "aborted"]),
        new("request_id", "Only replies with this x-request-id."),
        new("limit", $"Entries of a page, 1 to {LedgerQuery.MaxLimit}; 100 when missing."),
        new("cursor", "Where the next page begins: next_cursor of the one before (in CSV, its header x-next-cursor)."),
        new("format", "json when missing.", Values: ["json", "csv"]),
    ];

    public static void MapLedger(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRingHolder>();
        var admin = app.ServiceProvider.GetRequiredService<AdminKey>();
        var ledger = app.ServiceProvider.GetRequiredService<Ledger>();
        app.MapGet("/admin/ledger", http => List(http, admin, ledger)).WithMetadata(new EndpointDescription("listLedger", "Lists replies, newest first")
        {
            Access = EndpointAccess.Admin,
            Parameters = LedgerParameters,
            Produces = [new("application/json", OpenApiSchemas.LedgerPage), new("text/csv", "")],
            Errors = [400, 401],
        });
        app.MapGet("/v1/usage", http => Usage(http, keys, ledger)).WithMetadata(new EndpointDescription("getUsage", "Sums up what the key used, by model")
        {
            Parameters = UsageParameters,
            Produces = [new("application/json", OpenApiSchemas.Usage)],
            Errors = [400, 401],
        });
    }

    private static async Task List(HttpContext http, AdminKey admin, Ledger ledger)
    {
        if (!await CallerAuthentication.RequireAdminAsync(http, admin))
            return;
        var format = (string?)http.Request.Query["format"] ?? "json";
        if (!TryReadQuery(http.Request.Query, format, out var query, out var error))
        {
            await SurfaceReply.ErrorAsync(http, error!);
            return;
        }

        LedgerPage page;
        try
        {
            page = await ledger.QueryAsync(query!, http.RequestAborted);
        }
        catch (FormatException)
        {
            await SurfaceReply.ErrorAsync(http, Invalid("cursor", "'cursor' is not one that this gateway gave out."));
            return;
        }

        if (format == "csv")
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            if (page.NextCursor is { } next)
                http.Response.Headers["x-next-cursor"] = next;
            LedgerCsv.WriteHeader(http.Response.BodyWriter);
            foreach (var entry in page.Entries)
                LedgerCsv.WriteRow(http.Response.BodyWriter, entry);
        }
        else
        {
            http.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
            LedgerJson.Write(json, page);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task Usage(HttpContext http, KeyRingHolder keys, Ledger ledger)
    {
        if (await CallerAuthentication.RequireKeyAsync(http, keys) is not { } key)
            return;
        var parameters = http.Request.Query;
        if (Unknown(parameters, UsageParameters) is { } unknown
            || !TryReadTime(parameters, "from", out var from, out unknown) || !TryReadTime(parameters, "to", out var to, out unknown))
        {
            await SurfaceReply.ErrorAsync(http, unknown!);
            return;
        }

        var summary = await ledger.SummarizeAsync(key.Id, from, to, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        LedgerJson.Write(json, summary);
    }

    private static bool TryReadQuery(IQueryCollection parameters, string format, out LedgerQuery? query, out GatewayError? error)
    {
        query = null;
        error = Unknown(parameters, LedgerParameters);
        if (error is not null || !TryReadTime(parameters, "from", out var from, out error) || !TryReadTime(parameters, "to", out var to, out error))
            return false;
        if (format is not ("json" or "csv"))
            error = Invalid("format", "'format' must be json or csv.");
        var limit = 100;
        if ((string?)parameters["limit"] is { } written
            && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LedgerQuery.MaxLimit))
            error = Invalid("limit", $"'limit' must be a number from 1 to {LedgerQuery.MaxLimit}.");
        LedgerOutcome? outcome = null;
        if ((string?)parameters["outcome"] is { } name)
        {
            if (Enum.TryParse<LedgerOutcome>(name, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !char.IsAsciiDigit(name[0]))
                outcome = parsed;
            else
                error = Invalid("outcome", "'outcome' must be completed, failed, interrupted or aborted.");
        }

        if (error is not null)
            return false;
        query = new LedgerQuery
        {
            From = from,
            To = to,
            KeyId = parameters["key"],
            CustomerId = parameters["customer"],
            TeamId = parameters["team"],
            UserId = parameters["user"],
            Provider = parameters["provider"],
            Model = parameters["model"],
            Outcome = outcome,
            RequestId = parameters["request_id"],
            Limit = limit,
            Cursor = parameters["cursor"],
        };
        return true;
    }

    private static bool TryReadTime(IQueryCollection parameters, string name, out DateTimeOffset? time, out GatewayError? error)
    {
        time = null;
        error = null;
        if ((string?)parameters[name] is not { } written)
            return true;
        if (DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            time = parsed;
            return true;
        }

        error = Invalid(name, $"'{name}' must be a time such as 2026-01-31T12:00:00Z.");
        return false;
    }

    /// <summary>A filter that is misspelt would otherwise silently show everything.</summary>
    private static GatewayError? Unknown(IQueryCollection parameters, EndpointParameter[] known) =>
        parameters.Keys.FirstOrDefault(name => !Array.Exists(known, p => p.Name == name)) is { } unknown
            ? Invalid(unknown, $"There is no parameter '{unknown}'; there are {string.Join(", ", known.Select(p => p.Name))}.")
            : null;

    private static GatewayError Invalid(string param, string message) => new(ErrorKinds.InvalidParameter, message) { Param = param };
}
