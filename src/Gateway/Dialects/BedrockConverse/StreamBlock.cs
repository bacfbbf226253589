namespace Gateway.Dialects.BedrockConverse;

/// <summary>One block of a stream that is written.</summary>
internal sealed class StreamBlock(StreamPieceKind kind)
{
    private List<StreamPiece>? _held;

    /// <summary>Text, reasoning, tool or image.</summary>
    public StreamPieceKind Kind { get; } = kind;

    /// <summary>Index on the wire; −1 while it waits for its turn.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Of a tool: which call of the answer.</summary>
    public int Call { get; init; }

    /// <summary>Of a tool: the call's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The tool's name, or the image's format.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether nothing more comes.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Keeps a piece until its turn.</summary>
    public void Hold(StreamPiece piece) => (_held ??= []).Add(piece);

    /// <summary>What came while it waited.</summary>
    public IReadOnlyList<StreamPiece> TakeHeld()
    {
        IReadOnlyList<StreamPiece> held = _held ?? (IReadOnlyList<StreamPiece>)[];
        _held = null;
        return held;
    }
}
