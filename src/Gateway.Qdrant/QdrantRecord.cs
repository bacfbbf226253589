namespace Gateway.Qdrant;

/// <summary>An entry as Qdrant keeps it: the names of its properties are the names of the payload's fields there.</summary>
internal sealed class QdrantRecord
{
    /// <summary>Of tenant, partition and entry: <see cref="QdrantKeys"/>.</summary>
    public Guid Key { get; set; }

    /// <summary>The tenant's id. Indexed.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The partition, 32 hexadecimal digits. Indexed.</summary>
    public string Partition { get; set; } = "";

    /// <summary>The entry's id, 32 hexadecimal digits.</summary>
    public string Entry { get; set; } = "";

    /// <summary>Unix seconds. Indexed.</summary>
    public long Expires { get; set; }

    /// <summary>The payload in base64: Qdrant's have no bytes.</summary>
    public string Payload { get; set; } = "";

    /// <summary>The vector; not read back.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }
}
