using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Protocol;

/// <summary>A value for some operations. Immutable; an array, because looking up is on every request's path and there are few operations.</summary>
/// <typeparam name="T">What is mapped to.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "It is a map, not a collection of pairs.")]
internal sealed class OperationMap<T> : IEnumerable<KeyValuePair<Operation, T>>
    where T : class
{
    private static readonly int Size = Enum.GetValues<Operation>().Length;

    private readonly T?[] _values = new T?[Size];

    /// <summary>A map of these pairs; the last of two for the same operation counts.</summary>
    public OperationMap(IEnumerable<KeyValuePair<Operation, T>> pairs)
    {
        foreach (var (operation, value) in pairs)
            _values[(int)operation] = value;
    }

    /// <summary>A map of nothing.</summary>
    public static OperationMap<T> Empty { get; } = new([]);

    /// <summary>The value of an operation.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public T this[Operation operation] => _values[(int)operation] ?? throw new KeyNotFoundException($"There is no value for {operation}.");

    /// <summary>Whether an operation has a value.</summary>
    public bool ContainsKey(Operation operation) => _values[(int)operation] is not null;

    /// <summary>The pairs, in the order of the operations.</summary>
    public IEnumerator<KeyValuePair<Operation, T>> GetEnumerator()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] is { } value)
                yield return KeyValuePair.Create((Operation)i, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
