namespace Gateway.Transport;

/// <summary>A run of bytes of a multipart body. Valid until the next one is read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The bytes; all pieces together are the body.</param>
internal readonly record struct MultipartPiece(MultipartPieceKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The field that a head begins; null when it names none.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the head names a file.</summary>
    public bool IsFile { get; init; }
}
