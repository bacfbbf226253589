namespace Gateway.Caching.Semantic;

/// <summary>An entry of the index in memory. Only its place changes after it was made.</summary>
internal sealed class MemoryEntry(IndexScope scope, UInt128 id, float[] unit, byte[] payload, long expires)
{
    /// <summary>Objects, list node and dictionary slots around an entry, roughly.</summary>
    private const int Overhead = 320;

    public IndexScope Scope => scope;

    public UInt128 Id => id;

    /// <summary>The vector, of length 1.</summary>
    public float[] Unit => unit;

    public byte[] Payload => payload;

    /// <summary>Unix seconds.</summary>
    public long Expires => expires;

    public long Bytes => (unit.Length * (long)sizeof(float)) + payload.Length + Overhead;

    /// <summary>Where it is in its scope's list.</summary>
    public int Place { get; set; }
}
