namespace Gateway.Routing.Rules.Language;

/// <summary>Gives out places in <see cref="FoundTexts"/>: one for each element of a map that conditions name, the same for all that name it.</summary>
internal sealed class FoundPlaces
{
    private readonly Dictionary<string, int> _places = [];
    private readonly Lock _lock = new();

    /// <summary>The place of an element; null when there is none left, so that it is looked up each time.</summary>
    /// <param name="text">How the element is written, in one form for all ways to write it.</param>
    public int? Of(string text)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(text, out var known))
                return known;
            if (_places.Count == FoundTexts.Count)
                return null;
            return _places[text] = _places.Count;
        }
    }
}
