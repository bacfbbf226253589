using System.Globalization;

namespace Chaos;

/// <summary>What a run measured, by name and in the order of the table.</summary>
internal sealed class Figures
{
    private readonly List<(string Name, string Value)> _all = [];

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => [.. _all.Select(figure => figure.Name)];

    /// <summary>A figure's text, or a dash.</summary>
    public string Of(string name) => _all.Find(figure => figure.Name == name).Value ?? "–";

    /// <summary>Adds a number.</summary>
    public void Add(string name, long value) => _all.Add((name, value.ToString("N0", CultureInfo.InvariantCulture)));

    /// <summary>Adds a duration, in milliseconds.</summary>
    public void Add(string name, TimeSpan value) => Add(name + ", ms", (long)value.TotalMilliseconds);

    /// <summary>Adds a text.</summary>
    public void Add(string name, string value) => _all.Add((name, value));
}
