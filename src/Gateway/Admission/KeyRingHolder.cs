namespace Gateway.Admission;

/// <summary>The current key ring.</summary>
internal sealed class KeyRingHolder(KeyRing initial)
{
    private volatile KeyRing _current = initial;

    /// <summary>The current ring.</summary>
    public KeyRing Current { get => _current; set => _current = value; }
}
