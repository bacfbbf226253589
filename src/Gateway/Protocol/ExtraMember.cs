namespace Gateway.Protocol;

/// <summary>
/// A member the canonical model has no word for. A codec for the same wire writes it back as it stood; any other codec names
/// <see cref="Path"/> in <see cref="DroppedMembers"/>.
/// </summary>
/// <param name="Origin">The wire it was read from.</param>
/// <param name="Path">Where it stood, in the wire's own words, e.g. <c>safetySettings</c> or <c>messages[3].cache</c>; empty for a note that a wire's reader leaves for the same wire's reply, which no other wire need know.</param>
/// <param name="Name">The member's name in its object.</param>
/// <param name="Value">The value as it stood.</param>
internal sealed record ExtraMember(Operation Origin, string Path, string Name, RawJson Value);
