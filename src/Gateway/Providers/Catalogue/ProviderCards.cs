using System.Text;

namespace Gateway.Providers.Catalogue;

/// <summary>One provider's models, read on first use.</summary>
internal sealed class ProviderCards
{
    private readonly Lazy<Dictionary<string, ModelCard>> _byId;
    private readonly Func<string, bool> _listsUnread;

    /// <summary>Models that stand in the catalogue's own form.</summary>
    /// <param name="version">The version of their prices.</param>
    /// <param name="lines">Their lines.</param>
    public ProviderCards(string version, ReadOnlyMemory<byte> lines)
    {
        _byId = new(() => Index(null, CatalogueReader.ReadCards(version, lines.Span)));
        _listsUnread = id => lines.Span.IndexOf(Encoding.UTF8.GetBytes($"\"id\":\"{id}\"")) >= 0;
    }

    /// <summary>Models that replace or join others.</summary>
    public ProviderCards(ProviderCards? below, IReadOnlyList<ModelCard> cards)
    {
        _byId = new(() => Index(below, cards));
        _listsUnread = id => cards.Any(card => card.Id == id) || (below?.Lists(id) ?? false);
    }

    /// <summary>The models by id, in the catalogue's order.</summary>
    public Dictionary<string, ModelCard> ById => _byId.Value;

    /// <summary>Whether a model with exactly this id is among them; answers without reading the cards.</summary>
    public bool Lists(string id) => _byId.IsValueCreated ? _byId.Value.ContainsKey(id) : _listsUnread(id);

    private static Dictionary<string, ModelCard> Index(ProviderCards? below, IEnumerable<ModelCard> cards)
    {
        var byId = below is null
            ? new Dictionary<string, ModelCard>(StringComparer.Ordinal)
            : new Dictionary<string, ModelCard>(below.ById, StringComparer.Ordinal);
        foreach (var card in cards)
            byId[card.Id] = card;
        return byId;
    }
}
