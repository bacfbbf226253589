using System.Globalization;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Errors;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary><c>GET /admin/usage</c>: what was used, of all replicas together.</summary>
internal static class UsageEndpoints
{
    private static readonly EndpointParameter[] Parameters =
    [
        new("group", "By what it is grouped.", Values: [.. Enum.GetNames<UsageGroup>().Select(name => name.ToLowerInvariant())]),
        new("from", "A moment in the first span; spans are in UTC.", "date-time"),
        new("to", "First moment no longer shown; the span it falls into is shown as a whole. Now when missing.", "date-time"),
        new("step", "The length of the spans; day when missing.", Values: [.. Enum.GetNames<UsageStep>().Select(name => name.ToLowerInvariant())]),
    ];

    public static void MapUsage(this IEndpointRouteBuilder app)
    {
        var admin = app.ServiceProvider.GetRequiredService<AdminKey>();
        var report = app.ServiceProvider.GetRequiredService<UsageReport>();
        var time = app.ServiceProvider.GetRequiredService<TimeProvider>();
        app.MapGet("/admin/usage", http => ShowAsync(http, admin, report, time)).WithMetadata(new EndpointDescription("sumUsage", "Sums up usage of all replicas by time and group")
        {
            Access = EndpointAccess.Admin,
            Details = "Holds what replicas have published, which is all but the last seconds. `group` and `from` are required.",
            Parameters = Parameters,
            Produces = [new("application/json", OpenApiSchemas.UsageReport)],
            Errors = [400, 401, 503],
        });
    }

    private static async Task ShowAsync(HttpContext http, AdminKey admin, UsageReport report, TimeProvider time)
    {
        if (!await CallerAuthentication.RequireAdminAsync(http, admin))
            return;
        try
        {
            var query = Read(http.Request.Query, time.GetUtcNow());
            Write(http, query, await report.RunAsync(query, http.RequestAborted));
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        catch (FormatException e)
        {
            await SurfaceReply.ErrorAsync(http, new GatewayError(ErrorKinds.InvalidParameter, e.Message));
        }
        catch (ArgumentOutOfRangeException)
        {
            await SurfaceReply.ErrorAsync(http, new GatewayError(ErrorKinds.InvalidParameter, $"There are more than {UsageQuery.MaxSpans} spans between 'from' and 'to'."));
        }
        catch (IOException)
        {
            await SurfaceReply.ErrorAsync(http, new GatewayError(ErrorKinds.LedgerUnavailable, "The state store does not answer, so usage can't be shown now."));
        }
    }

    private static UsageQuery Read(IQueryCollection parameters, DateTimeOffset now)
    {
        if (parameters.Keys.FirstOrDefault(name => !Array.Exists(Parameters, p => p.Name == name)) is { } unknown)
            throw new FormatException($"There is no parameter '{unknown}'; there are {string.Join(", ", Parameters.Select(p => p.Name))}.");
        return new UsageQuery(
            Word<UsageGroup>(parameters, "group") ?? throw new FormatException("'group' is required."),
            Moment(parameters, "from") ?? throw new FormatException("'from' is required."),
            Moment(parameters, "to") ?? now,
            Word<UsageStep>(parameters, "step") ?? UsageStep.Day);
    }

    private static T? Word<T>(IQueryCollection parameters, string name)
        where T : struct, Enum
    {
        if ((string?)parameters[name] is not { } written)
            return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(written, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw new FormatException($"'{name}' must be one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
    }

    private static DateTimeOffset? Moment(IQueryCollection parameters, string name)
    {
        if ((string?)parameters[name] is not { } written)
            return null;
        return DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"'{name}' must be a time such as 2026-01-31T12:00:00Z.");
    }

    private static void Write(HttpContext http, UsageQuery query, IReadOnlyList<UsageRow> rows)
    {
        http.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("group"u8, query.Group.ToString().ToLowerInvariant());
        json.WriteString("step"u8, query.Step.ToString().ToLowerInvariant());
        json.WriteStartArray("data"u8);
        foreach (var row in rows)
            Write(json, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

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
