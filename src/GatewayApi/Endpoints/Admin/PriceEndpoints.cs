using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Configuration;
using Gateway.Routing;
using Gateway.Surfaces.Models;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Shows what is charged for each known model of each enabled provider.</summary>
internal sealed class PriceEndpoints(SnapshotHolder snapshots)
{
    private static readonly EndpointParameter[] Filters = [new("provider", "Only models of the provider with this id.")];

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new PriceEndpoints(routes.Services.GetRequiredService<SnapshotHolder>());
        routes.Get("/prices", Permission.PricesView, new("listPrices", "Lists prices in force, by provider and model")
        {
            Details = "Read-only: the catalogue and gateway.json (`models`) declare them. `version` is what ledger entries name; it begins with `ceiling:` where the model's own price is unknown, and is null where nothing is charged.",
            Parameters = [.. Filters, .. AdminCall.Paging],
        }, endpoints.ListAsync);
    }

    private Task ListAsync(AdminCall call)
    {
        var (provider, cursor, limit) = (call.Query("provider"), call.Query("cursor"), call.Limit);
        var page = snapshots.Current.Models.Listed
            .Where(r => r.Targets.Count == 1 && r.Targets[0].Address == r.Name && (provider is null || r.Targets[0].Provider.Id == provider))
            .Where(r => cursor is null || string.CompareOrdinal(r.Name, cursor) > 0)
            .OrderBy(r => r.Name, StringComparer.Ordinal).Take(limit + 1).ToList();
        return call.WritePageAsync(page, limit, r => r.Name, static (json, route) => Write(json, route, ModelListing.Of(route).Price));
    }

    private static void Write(Utf8JsonWriter json, RouteSnapshot route, ListedPrice? price)
    {
        json.WriteStartObject();
        json.WriteString("provider"u8, route.Targets[0].Provider.Id);
        json.WriteString("model"u8, route.Targets[0].Model);
        json.WriteString("version"u8, price?.Version);
        Write(json, "inputUsdPerMtok", price?.Input);
        Write(json, "outputUsdPerMtok", price?.Output);
        Write(json, "cachedInputUsdPerMtok", price?.CachedInput);
        Write(json, "cacheWriteUsdPerMtok", price?.CacheWrite);
        Write(json, "audioInputUsdPerMtok", price?.AudioInput);
        Write(json, "audioOutputUsdPerMtok", price?.AudioOutput);
        Write(json, "usdPerSearch", price?.Search);
        Write(json, "usdPerImage", price?.Image);
        Write(json, "usdPerMegapixel", price?.Megapixel);
        Write(json, "usdPerAudioMinute", price?.AudioMinute);
        Write(json, "usdPerMchar", price?.MillionCharacters);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, decimal? usd)
    {
        if (usd is { } known)
            json.WriteNumber(name, known);
    }
}
