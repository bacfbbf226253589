using Gateway.Admission;
using Gateway.Metering;
using Gateway.Routing;
using Gateway.Routing.Policies;
using Gateway.Routing.Rules;
using Gateway.Surfaces.Models;

namespace GatewayApi.Endpoints;

/// <summary>Says of a route what lists show.</summary>
internal static class ModelListing
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>What a key's lists show of a route: what it may use of it, and its data may go to.</summary>
    /// <param name="route">The route.</param>
    /// <param name="key">The key that asks.</param>
    /// <param name="rules">Rules, which may send requests for the route elsewhere.</param>
    /// <returns>Null when nothing is left.</returns>
    public static ListedModel? Of(RouteSnapshot route, VirtualKey key, RuleBook? rules)
    {
        if (key.Access.Find(route) is not { } allowed)
            return null;
        var served = WhereDataMayGo(allowed, key)
            ?? rules?.Of(route.Name)?.Arms.Select(arm => WhereDataMayGo(key.Access.Find(arm.Of(route)), key)).FirstOrDefault(left => left is not null);
        return served is null ? null : Of(served);
    }

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
            Inputs = card is null ? [] : Inputs(card.Mode, card.Capabilities),
            Outputs = card is null ? [] : Outputs(card.Mode, card.Capabilities),
            Price = Price(target),
        };
    }

    private static RouteSnapshot? WhereDataMayGo(RouteSnapshot? route, VirtualKey key) => route?.Only(target => DataPolicy.Allows(route, key.Data, target.Provider));

    private static string[] Inputs(string mode, IReadOnlyList<string> capabilities)
    {
        var inputs = new List<string>(5);
        if (mode != "audio_transcription")
            inputs.Add("text");
        if (mode is "audio_transcription" or "realtime")
            inputs.Add("audio");
        foreach (var capability in capabilities)
        {
            if (capability switch { "vision" => "image", "pdf" => "file", "audio_in" => "audio", "video_in" => "video", _ => null } is { } input && !inputs.Contains(input))
                inputs.Add(input);
        }

        return [.. inputs];
    }

    private static string[] Outputs(string mode, IReadOnlyList<string> capabilities) => mode switch
    {
        "embedding" => ["embedding"],
        "rerank" => ["ranking"],
        "moderation" => ["moderation"],
        "image" => ["image"],
        "audio_speech" => ["audio"],
        "audio_transcription" => ["text"],
        "realtime" => ["text", "audio"],
        _ => capabilities.Contains("audio_out") ? ["text", "audio"] : ["text"],
    };

    private static ListedPrice? Price(TargetSnapshot target)
    {
        var units = target.Card?.Units;
        var price = target.Price;
        // Searches are charged as such: no price of tokens stands in for them.
        if (units is { Search: not null } && target.Card!.Price is null)
            price = null;
        if (price is null && units is null)
            return null;
        return new ListedPrice(price?.Version ?? units!.Version)
        {
            Input = price?.Input / NanosPerUsd,
            Output = price?.Output / NanosPerUsd,
            CachedInput = price?.CacheRead / NanosPerUsd,
            CacheWrite = price?.CacheWrite / NanosPerUsd,
            AudioInput = price?.AudioInput / NanosPerUsd,
            AudioOutput = price?.AudioOutput / NanosPerUsd,
            Search = units?.Search / NanosPerUsd,
            Image = units?.Image / NanosPerUsd,
            Megapixel = units?.Megapixel / NanosPerUsd,
            AudioMinute = units?.AudioMinute / NanosPerUsd,
            MillionCharacters = units?.MillionCharacters / NanosPerUsd,
        };
    }
}
