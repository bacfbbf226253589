using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>One delta of a stream that is written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; empty for a citation.</param>
internal readonly record struct StreamPiece(StreamPieceKind Kind, string Text)
{
    /// <summary>The citation.</summary>
    public RawJson Raw { get; init; }
}
