using System.Globalization;
using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Errors;
using Gateway.Metering;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary><c>GET /admin/ledger</c>.</summary>
internal sealed class LedgerListing(Ledger ledger)
{
    private const int Usual = 100;

    private static readonly EndpointParameter[] Parameters =
    [
        .. UsageEndpoints.Span,
        new("key", "Only replies to the virtual key with this id."),
        new("customer", "Only replies to keys of the customer with this id."),
        new("team", "Only replies to keys of the team with this id."),
        new("user", "Only replies to keys of the user with this id."),
        new("provider", "Only replies of the provider with this id."),
        new("model", "Only replies to requests for this model, as the client wrote it."),
        new("route", "Only replies to requests that took this named route."),
        new("arm", "Only replies to requests of this arm of an experiment."),
        new("outcome", "Only replies that ended so.", Values: ["completed", "failed", "interrupted", "aborted"]),
        new("request_id", "Only replies with this x-request-id."),
        new("limit", $"Entries of a page, 1 to {LedgerQuery.MaxLimit}; 100 when missing."),
        new("cursor", "Where the next page begins: next_cursor of the one before (in CSV, its header x-next-cursor)."),
        new("format", "json when missing.", Values: ["json", "csv"]),
    ];

    /// <summary>Maps it.</summary>
    public static void Map(AdminRoutes routes)
    {
        var listing = new LedgerListing(routes.Services.GetRequiredService<Ledger>());
        routes.Get("/ledger", Permission.LedgerView, new EndpointDescription("listLedger", "Lists replies, newest first")
        {
            Details = "Who sees only teams of their own names one of them (`team`), unless it is the only one.",
            Parameters = Parameters,
            Produces = [new("application/json", OpenApiSchemas.LedgerPage), new("text/csv", "")],
        }, listing.ListAsync);
    }

    private async Task ListAsync(AdminCall call)
    {
        var format = call.Query("format") ?? "json";
        if (format is not ("json" or "csv"))
            throw AdminEndpoint.Invalid("format", "'format' must be json or csv.");
        var query = Narrow(call.Grant, Read(call));
        LedgerPage page;
        try
        {
            page = await ledger.QueryAsync(query, call.Cancellation);
        }
        catch (FormatException)
        {
            throw AdminEndpoint.Invalid("cursor", "'cursor' is not one that this gateway gave out.");
        }

        var response = call.Http.Response;
        if (format == "csv")
        {
            response.ContentType = "text/csv; charset=utf-8";
            if (page.NextCursor is { } next)
                response.Headers["x-next-cursor"] = next;
            LedgerCsv.WriteHeader(response.BodyWriter);
            foreach (var entry in page.Entries)
                LedgerCsv.WriteRow(response.BodyWriter, entry);
        }
        else
        {
            response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(response.BodyWriter);
            LedgerJson.Write(json, page);
        }

        await response.BodyWriter.FlushAsync(call.Cancellation);
    }

    private static LedgerQuery Read(AdminCall call) => new()
    {
        From = Time(call, "from"),
        To = Time(call, "to"),
        KeyId = call.Query("key"),
        CustomerId = call.Query("customer"),
        TeamId = call.Query("team"),
        UserId = call.Query("user"),
        Provider = call.Query("provider"),
        Model = call.Query("model"),
        Route = call.Query("route"),
        Arm = call.Query("arm"),
        Outcome = Outcome(call),
        RequestId = call.Query("request_id"),
        Limit = Limit(call),
        Cursor = call.Query("cursor"),
    };

    /// <summary>The query without what the caller may not see.</summary>
    /// <exception cref="ProblemException">It asks for nothing else, or leaves open which team.</exception>
    private static LedgerQuery Narrow(Grant grant, LedgerQuery query)
    {
        var (principal, scopes) = (grant.Principal, grant.Scopes);
        if (grant.IsUnlimited)
            return query;
        if (scopes.HasFlag(PermissionScopes.OwnTeams) && query.TeamId is { } team && principal.Teams.Contains(team))
            return query;
        if (scopes.HasFlag(PermissionScopes.OwnUser) && principal.UserId is { } self && (query.UserId ?? self) == self
            && (query.UserId is not null || !scopes.HasFlag(PermissionScopes.OwnTeams)))
            return query with { UserId = self };
        if (query.TeamId is not null || !scopes.HasFlag(PermissionScopes.OwnTeams) || principal.Teams.Count == 0)
            throw new ProblemException(new GatewayError(ErrorKinds.Forbidden, "That lies outside of what you may see of the ledger."));
        return principal.Teams.Count == 1
            ? query with { TeamId = principal.Teams.First() }
            : throw AdminEndpoint.Invalid("team", "'team' must name one of your teams: there are several.");
    }

    private static DateTimeOffset? Time(AdminCall call, string name) =>
        QueryTime.TryRead(call.Http.Request.Query, name, out var time, out var error) ? time : throw AdminEndpoint.Invalid(name, error!.Message);

    private static int Limit(AdminCall call) => call.Query("limit") is not { } text ? Usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LedgerQuery.MaxLimit ? limit
        : throw AdminEndpoint.Invalid("limit", $"'limit' must be a number from 1 to {LedgerQuery.MaxLimit}.");

    private static LedgerOutcome? Outcome(AdminCall call) => call.Query("outcome") switch
    {
        null => null,
        "completed" => LedgerOutcome.Completed,
        "failed" => LedgerOutcome.Failed,
        "interrupted" => LedgerOutcome.Interrupted,
        "aborted" => LedgerOutcome.Aborted,
        _ => throw AdminEndpoint.Invalid("outcome", "'outcome' must be completed, failed, interrupted or aborted."),
    };
}
