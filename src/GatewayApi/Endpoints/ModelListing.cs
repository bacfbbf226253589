using Gateway.Metering;
using Gateway.Routing;
using Gateway.Surfaces.Models;

namespace GatewayApi.Endpoints;

/// <summary>Says of a route what lists show.</summary>
internal static class ModelListing
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>What lists show of a route: its first target's limits and price.</summary>
    public static ListedModel Of(RouteSnapshot route)
    {
        var target = route.Targets[0];
        var card = target.Card;
        return new ListedModel(route.Name, target.Provider.Id)
        {
            Mode = card?.Mode,
            ContextWindow = card?.ContextWindow,
            MaxOutput = card?.MaxOutput,
            Capabilities = card?.Capabilities,
            Inputs = card is null ? [] : Inputs(card.Capabilities),
            Outputs = card is null ? [] : Outputs(card.Mode, card.Capabilities),
            Price = target.Price is { } price ? Of(price) : null,
        };
    }

    private static string[] Inputs(IReadOnlyList<string> capabilities)
    {
        var inputs = new List<string>(5) { "text" };
        foreach (var capability in capabilities)
        {
            if (capability switch { "vision" => "image", "pdf" => "file", "audio_in" => "audio", "video_in" => "video", _ => null } is { } input)
                inputs.Add(input);
        }

        return [.. inputs];
    }

    private static string[] Outputs(string mode, IReadOnlyList<string> capabilities) =>
        mode == "embedding" ? ["embedding"] : capabilities.Contains("audio_out") ? ["text", "audio"] : ["text"];

    private static ListedPrice Of(ModelPrice price) =>
        new(price.Version, price.Input / NanosPerUsd, price.Output / NanosPerUsd, price.CacheRead / NanosPerUsd, price.CacheWrite / NanosPerUsd);
}
