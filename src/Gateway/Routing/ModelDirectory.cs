using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Protocol;
using Gateway.Providers.Catalogue;

namespace Gateway.Routing;

/// <summary>
/// Every model name an installation answers to. Names that are known beforehand resolve without allocating; other
/// <c>provider/model</c> names are made on first use and kept, up to <see cref="LargestCache"/> of them.
/// </summary>
internal sealed class ModelDirectory : IModelDirectory
{
    /// <summary>How many names that are in no catalogue are remembered; further ones are made anew for each request.</summary>
    public const int LargestCache = 4_096;

    // Longer names are no model's, and would let callers fill the memory through the cache.
    private const int LongestName = 512;

    private readonly FrozenDictionary<string, RouteSnapshot> _known;
    private readonly FrozenDictionary<string, RoutableProvider>.AlternateLookup<ReadOnlySpan<char>> _providers;
    private readonly ConcurrentDictionary<string, RouteSnapshot> _made = new();
    private readonly TargetFactory _targets;
    private readonly UnknownPricePolicy _policy;
    private int _reserved;

    /// <summary>Compiles a directory.</summary>
    /// <param name="named">Named routes, in the order to list them.</param>
    /// <param name="providers">Enabled providers, preferred first.</param>
    /// <param name="targets">Makes targets.</param>
    /// <param name="policy">What to do with unknown prices of models that no named route leads to.</param>
    public ModelDirectory(
        IReadOnlyList<RouteSnapshot> named, IReadOnlyList<RoutableProvider> providers, TargetFactory targets, UnknownPricePolicy policy)
    {
        _targets = targets;
        _policy = policy;
        _providers = providers.ToFrozenDictionary(p => p.Snapshot.Id).GetAlternateLookup<ReadOnlySpan<char>>();

        var known = new Dictionary<string, RouteSnapshot>();
        var listed = new List<RouteSnapshot>(named);
        foreach (var route in named) known.TryAdd(route.Name, route);
        foreach (var provider in providers)
        {
            foreach (var card in targets.CardsOf(provider)) AddModel(provider, card, known, listed);
        }

        _known = known.ToFrozenDictionary();
        Listed = listed;
    }

    /// <inheritdoc/>
    public IReadOnlyList<RouteSnapshot> Listed { get; }

    /// <inheritdoc/>
    public RouteSnapshot? Resolve(string model)
    {
        if (_known.TryGetValue(model, out var route) || _made.TryGetValue(model, out route)) return route;
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == model.Length - 1 || model.Length > LongestName) return null;
        return _providers.TryGetValue(model.AsSpan(0, slash), out var provider) ? Make(provider, model) : null;
    }

    private RouteSnapshot Make(RoutableProvider provider, string name)
    {
        var route = Single(name, _targets.Create(provider, name[(provider.Snapshot.Id.Length + 1)..], _policy));
        if (Volatile.Read(ref _reserved) < LargestCache && Interlocked.Increment(ref _reserved) <= LargestCache)
            _made.TryAdd(name, route);
        return route;
    }

    private void AddModel(RoutableProvider provider, ModelCard card, Dictionary<string, RouteSnapshot> known, List<RouteSnapshot> listed)
    {
        var target = _targets.Create(provider, card.Id, card, _policy);
        var address = Single(target.Address, target);
        // Models that no operation of ours serves (video, OCR…) resolve, so that they get the provider's own answer, but are not offered.
        if (known.TryAdd(address.Name, address) && IsServed(provider, card) && !target.LacksKey) listed.Add(address);
        // A bare id is left to the next provider when this one has no key for it.
        if (!target.LacksKey && !IsAddressOfProvider(card.Id)) known.TryAdd(card.Id, Single(card.Id, target));
    }

    // "openai/gpt-oss-120b" is a bare id at one provider, but means the provider "openai" wherever that is enabled.
    private bool IsAddressOfProvider(string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && _providers.ContainsKey(id.AsSpan(0, slash));
    }

    private static bool IsServed(RoutableProvider provider, ModelCard card)
    {
        var snapshot = provider.Snapshot;
        return card.Mode switch
        {
            "embedding" => snapshot.WireFor(Operation.Embeddings) is not null,
            "completion" => snapshot.WireFor(Operation.Completions) is not null || snapshot.WireFor(Operation.ChatCompletions) is not null,
            "chat" => snapshot.WireFor(Operation.ChatCompletions) is not null,
            "rerank" => snapshot.WireFor(Operation.Rerank) is not null,
            "image" => snapshot.WireFor(Operation.ImageGenerations) is not null || snapshot.WireFor(Operation.ImageEdits) is not null,
            "audio_speech" => snapshot.WireFor(Operation.Speech) is not null,
            "audio_transcription" => snapshot.WireFor(Operation.Transcriptions) is not null || snapshot.WireFor(Operation.Translations) is not null,
            "moderation" => snapshot.WireFor(Operation.Moderations) is not null,
            "realtime" => snapshot.WireFor(Operation.Realtime) is not null,
            _ => false,
        };
    }

    private static RouteSnapshot Single(string name, TargetSnapshot target) => new()
    {
        Name = name,
        Groups = [TargetGroup.InOrder(target)],
        Timeouts = target.Provider.Timeouts,
    };
}
