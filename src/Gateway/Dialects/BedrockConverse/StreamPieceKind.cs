namespace Gateway.Dialects.BedrockConverse;

/// <summary>Kinds of a stream's blocks and of what is said in them.</summary>
internal enum StreamPieceKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>What signs a block of reasoning.</summary>
    Signature,

    /// <summary>Reasoning only its vendor can read, base64.</summary>
    Redacted,

    /// <summary>A citation in a block of text.</summary>
    Citation,

    /// <summary>A tool's call; of its pieces, the arguments.</summary>
    Tool,

    /// <summary>An image, base64.</summary>
    Image,
}
