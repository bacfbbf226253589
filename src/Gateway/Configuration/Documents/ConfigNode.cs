using System.Text.Json;

namespace Gateway.Configuration.Documents;

/// <summary>One value of a configuration as written, with where it was written.</summary>
/// <param name="kind">What JSON calls it.</param>
/// <param name="text">The string's value or the number as written; otherwise empty.</param>
internal sealed class ConfigNode(JsonValueKind kind, string text = "")
{
    private readonly List<KeyValuePair<string, ConfigNode>> _members = [];
    private readonly List<ConfigNode> _items = [];

    /// <summary>What JSON calls it.</summary>
    public JsonValueKind Kind { get; } = kind;

    /// <summary>The string's value or the number as written; otherwise empty.</summary>
    public string Text { get; } = text;

    /// <summary>Line in the file, from 1; 0 when it is not in the file.</summary>
    public int Line { get; init; }

    /// <summary>Column in the line, from 1; 0 when it is not in the file.</summary>
    public int Column { get; init; }

    /// <summary>The environment variable that set it, or null.</summary>
    public string? Variable { get; init; }

    /// <summary>Members of an object in the order written, names distinct.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigNode>> Members => _members;

    /// <summary>Items of an array.</summary>
    public IReadOnlyList<ConfigNode> Items => _items;

    /// <summary>A member by exact name, or null.</summary>
    public ConfigNode? Find(string name)
    {
        foreach (var (key, value) in _members)
        {
            if (key == name) return value;
        }

        return null;
    }

    /// <summary>Adds a member or replaces the one of that name.</summary>
    public void Set(string name, ConfigNode value)
    {
        var at = _members.FindIndex(m => m.Key == name);
        if (at < 0) _members.Add(new(name, value));
        else _members[at] = new(name, value);
    }

    /// <summary>Adds an item, or replaces the one at an index.</summary>
    public void Set(int index, ConfigNode value)
    {
        if (index == _items.Count) _items.Add(value);
        else _items[index] = value;
    }

    /// <summary>This node and everything below it, with paths.</summary>
    public IEnumerable<KeyValuePair<string, ConfigNode>> Walk(string path = JsonPath.Root)
    {
        yield return new(path, this);
        foreach (var (name, member) in _members)
        {
            foreach (var below in member.Walk(JsonPath.Member(path, name))) yield return below;
        }

        for (var i = 0; i < _items.Count; i++)
        {
            foreach (var below in _items[i].Walk(JsonPath.Item(path, i))) yield return below;
        }
    }
}
