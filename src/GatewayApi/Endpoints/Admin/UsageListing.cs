using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Jobs.Usage;
using Gateway.Metering;

namespace GatewayApi.Endpoints.Admin;

/// <summary><c>GET /admin/usage</c>: what was used, of all replicas together.</summary>
internal sealed class UsageListing(UsageReport report, TimeProvider time)
{
    private static readonly EndpointParameter[] Parameters =
    [
        new("group", "By what it is grouped; required.", Values: Words<UsageGroup>()),
        new("from", "A moment in the first span; required. Spans are in UTC.", "date-time"),
        new("to", "First moment no longer asked for; the span it falls into is shown as a whole. Now when missing.", "date-time"),
        new("step", "The length of the spans; day when missing.", Values: Words<UsageStep>()),
    ];

    /// <summary>Maps it.</summary>
    public static void Map(AdminRoutes routes)
    {
        var listing = new UsageListing(routes.Services.GetRequiredService<UsageReport>(), routes.Services.GetRequiredService<TimeProvider>());
        routes.Get("/usage", Permission.LedgerView, new EndpointDescription("sumUsage", "Sums up usage of all replicas by time and group")
        {
            Details = "Holds what replicas have published, which is all but the last seconds. Who sees only teams of their own, or only themselves, gets the sums of that.",
            Parameters = Parameters,
            Produces = [new("application/json", OpenApiSchemas.UsageReport)],
        }, listing.ListAsync);
    }

    private async Task ListAsync(AdminCall call)
    {
        if (call.Http.Request.Query.Keys.FirstOrDefault(name => !Array.Exists(Parameters, p => p.Name == name)) is { } unknown)
            throw AdminEndpoint.Invalid(unknown, $"There is no parameter '{unknown}'; there are {string.Join(", ", Parameters.Select(p => p.Name))}.");
        var query = new UsageQuery(
            Word<UsageGroup>(call, "group") ?? throw AdminEndpoint.Invalid("group", "'group' is required."),
            Moment(call, "from") ?? throw AdminEndpoint.Invalid("from", "'from' is required."),
            Moment(call, "to") ?? time.GetUtcNow(),
            Word<UsageStep>(call, "step") ?? UsageStep.Day);
        IReadOnlyList<UsageRow> rows;
        try
        {
            rows = await report.RunAsync(query, series => Shows(call.Grant, series), call.Cancellation);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw AdminEndpoint.Invalid("to", $"There are more than {UsageQuery.MaxSpans} spans between 'from' and 'to'.");
        }

        await call.WriteAsync(200, json =>
        {
            json.WriteString("group"u8, query.Group.ToString().ToLowerInvariant());
            json.WriteString("step"u8, query.Step.ToString().ToLowerInvariant());
            json.WriteStartArray("data"u8);
            foreach (var row in rows)
                Write(json, row);
            json.WriteEndArray();
        });
    }

    private static bool Shows(Grant grant, UsageSeries series) =>
        grant.IsUnlimited
        || (grant.Scopes.HasFlag(PermissionScopes.OwnTeams) && series.Team is { } team && grant.Principal.Teams.Contains(team))
        || (grant.Scopes.HasFlag(PermissionScopes.OwnUser) && series.User is { } user && grant.Principal.UserId == user);

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];

    private static T? Word<T>(AdminCall call, string name)
        where T : struct, Enum
    {
        if (call.Query(name) is not { } written)
            return null;
        var index = Array.IndexOf(Words<T>(), written);
        return index >= 0 ? Enum.GetValues<T>()[index] : throw AdminEndpoint.Invalid(name, $"'{name}' must be one of {string.Join(", ", Words<T>())}.");
    }

    private static DateTimeOffset? Moment(AdminCall call, string name) =>
        QueryTime.TryRead(call.Http.Request.Query, name, out var moment, out var error) ? moment : throw AdminEndpoint.Invalid(name, error!.Message);

    private static void Write(Utf8JsonWriter json, UsageRow row)
    {
        var sums = row.Sums;
        json.WriteStartObject();
        json.WriteString("start"u8, row.Start.UtcDateTime);
        json.WriteString("id"u8, row.Id);
        json.WriteNumber("requests"u8, sums.Requests);
        json.WriteNumber("completed"u8, sums.Completed);
        json.WriteNumber("failed"u8, sums.Failed);
        json.WriteNumber("interrupted"u8, sums.Interrupted);
        json.WriteNumber("aborted"u8, sums.Aborted);
        json.WriteNumber("estimated_requests"u8, sums.Estimated);
        json.WriteNumber("input_tokens"u8, sums.Tokens.Input);
        json.WriteNumber("output_tokens"u8, sums.Tokens.Output);
        json.WriteNumber("cache_read_tokens"u8, sums.Tokens.CacheRead);
        json.WriteNumber("cache_write_tokens"u8, sums.Tokens.CacheWrite);
        json.WriteNumber("reasoning_tokens"u8, sums.Tokens.Reasoning);
        json.WriteNumber("audio_input_tokens"u8, sums.Tokens.AudioInput);
        json.WriteNumber("audio_output_tokens"u8, sums.Tokens.AudioOutput);
        json.WriteNumber("search_units"u8, sums.Tokens.SearchUnits);
        json.WriteNumber("cost_nano_usd"u8, sums.CostNanoUsd);
        json.WriteString("cost_usd"u8, NanoUsd.Format(sums.CostNanoUsd));
        json.WriteEndObject();
    }
}
