namespace Gateway.Transport;

/// <summary>What a piece of a multipart body is.</summary>
internal enum MultipartPieceKind
{
    /// <summary>Bytes before the first part, which mean nothing.</summary>
    Preamble,

    /// <summary>The line end before a boundary, the boundary, and a part's header lines with the empty line after them.</summary>
    Head,

    /// <summary>Content of the part; there may be several pieces of it, or none.</summary>
    Content,

    /// <summary>The last boundary and what follows it.</summary>
    Closing,

    /// <summary>There is no more.</summary>
    End,
}
