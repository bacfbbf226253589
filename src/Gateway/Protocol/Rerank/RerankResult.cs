namespace Gateway.Protocol.Rerank;

/// <summary>One result.</summary>
/// <param name="Index">Which document, from 0, in the order of the request.</param>
/// <param name="Score">How well it answers: the higher the better; the scale is the model's.</param>
/// <param name="Document">The document as the provider repeats it; missing when it does not.</param>
internal sealed record RerankResult(long Index, double Score, RawJson Document);
