namespace Gateway.Protocol.Embeddings;

/// <summary>How vectors are written in a reply.</summary>
[Flags]
internal enum EmbeddingForms
{
    /// <summary>Not said: arrays of numbers.</summary>
    None = 0,

    /// <summary>Arrays of numbers.</summary>
    Floats = 1,

    /// <summary>Base64 of little-endian 32-bit floats.</summary>
    Base64 = 2,
}
