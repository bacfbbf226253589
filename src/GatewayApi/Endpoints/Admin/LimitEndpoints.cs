using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Budgets;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Shows what is left of budgets and other limits, over all replicas.</summary>
internal sealed class LimitEndpoints(DirectoryAccess access, LimitReader reader)
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new LimitEndpoints(routes.Services.GetRequiredService<DirectoryAccess>(), routes.Services.GetRequiredService<LimitReader>());
        var description = new EndpointDescription("", "")
        {
            Details = "Amounts are in `unit`. `held` is what replicas have reserved, have used and not reported yet, or keep ready; `remaining` what nobody has used or holds; `usedPercent` what was used, in percent.",
            Parameters = [.. EntityKinds.All.Select(k => new EndpointParameter(EntityKinds.Word(k), $"Only those of the {EntityKinds.Word(k)} with this id itself.")), .. AdminCall.Paging],
            Produces = [new("application/json", OpenApiSchemas.LimitPage)],
        };
        routes.Get("/budgets", Permission.BudgetsView, description with { Id = "listBudgets", Summary = "Lists budgets and how they stand" }, call => endpoints.ListAsync(call, s => s.Kind == LimitKind.Budget));
        routes.Get("/limits", Permission.BudgetsView, description with { Id = "listLimits", Summary = "Lists budgets, rate limits and limits of what is in flight, and how they stand" }, call => endpoints.ListAsync(call, _ => true));
    }

    private async Task ListAsync(AdminCall call, Func<LimitSpec, bool> isAsked)
    {
        var owners = EntityKinds.All.Where(k => call.Query(EntityKinds.Word(k)) is not null).ToList();
        if (owners.Count > 1)
            throw AdminEndpoint.Invalid(EntityKinds.Word(owners[1]), "A limit has one owner; name one.");
        var (limit, cursor) = (call.Limit, call.Query("cursor"));
        var kinds = owners.Count == 0 ? EntityKinds.All : owners;
        var page = kinds.SelectMany(k => access.All(call.Grant, k).Where(e => owners.Count == 0 || e.Value.Id == call.Query(EntityKinds.Word(k))))
            .SelectMany(Compile)
            .Where(s => isAsked(s) && (cursor is null || string.CompareOrdinal(s.Id, cursor) > 0))
            .OrderBy(s => s.Id, StringComparer.Ordinal).Take(limit + 1).ToList();
        var standings = await reader.ReadAsync(page, call.Cancellation);
        await call.WritePageAsync(standings, limit, s => s.Limit.Id, Write);
    }

    private static IReadOnlyList<LimitSpec> Compile(EntityRecord record)
    {
        try
        {
            return LimitCompiler.Compile(record.Kind, record.Value);
        }
        catch (InvalidDataException)
        {
            return []; // written by a newer gateway; its keys are refused
        }
    }

    private static void Write(Utf8JsonWriter json, LimitStanding standing)
    {
        var limit = standing.Limit;
        json.WriteStartObject();
        json.WriteString("id"u8, limit.Id);
        json.WriteString("name"u8, limit.Name);
        json.WriteString("scope"u8, Lower(limit.Scope));
        json.WriteString("owner"u8, limit.OwnerId);
        json.WriteString("kind"u8, Lower(limit.Kind));
        json.WriteString("unit"u8, limit.Unit == LimitUnit.NanoUsd ? "usd" : Lower(limit.Unit));
        WriteAmount(json, "amount", limit, limit.Amount);
        WriteAmount(json, "used", limit, standing.Used);
        WriteAmount(json, "held", limit, standing.Held);
        WriteAmount(json, "remaining", limit, standing.Remaining);
        json.WriteNumber("usedPercent"u8, standing.UsedPercent);
        WriteMoment(json, "windowStart", standing.WindowStart);
        WriteMoment(json, "windowEnd", standing.WindowEnd);
        json.WriteBoolean("rolling"u8, limit.Kind != LimitKind.Held && limit.Window.Rolling);
        json.WriteEndObject();
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, LimitSpec limit, long amount)
    {
        if (limit.Unit == LimitUnit.NanoUsd)
            json.WriteNumber(name, amount / NanosPerUsd);
        else
            json.WriteNumber(name, amount);
    }

    private static void WriteMoment(Utf8JsonWriter json, string name, DateTimeOffset? moment)
    {
        if (moment is { } known)
            json.WriteString(name, known.UtcDateTime);
        else
            json.WriteNull(name);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
