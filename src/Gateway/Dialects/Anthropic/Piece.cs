using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>A part on its way into the body, with the place it has in the client's request.</summary>
/// <param name="Part">The part.</param>
/// <param name="Place">Where the client put it.</param>
internal readonly record struct Piece(ContentPart Part, Place Place);
