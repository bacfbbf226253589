namespace Gateway.Jobs.Usage;

/// <summary>
/// Days and months whose sums are not up to date. Who has changed an hour adds its day to <see cref="Marked"/> afterwards; who sums a day up moves it to
/// <see cref="Taken"/> before reading. So a day that is found marked will still be read, and one that is being read is marked again.
/// </summary>
internal sealed class StaleSpans
{
    /// <summary>To be summed up.</summary>
    public List<string> Marked { get; init; } = [];

    /// <summary>Being summed up, or left by who died of it.</summary>
    public List<string> Taken { get; init; } = [];

    /// <summary>Whether the sums of a day or month are behind.</summary>
    public bool Contains(string name) => Marked.Contains(name) || Taken.Contains(name);
}
