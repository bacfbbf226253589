namespace Chaos.Load;

/// <summary>A reply as its client saw it.</summary>
/// <param name="Id">The request's id, which the client chose.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Status">The HTTP status; 0 when there was none.</param>
/// <param name="Tokens">Input and output tokens that the reply says it took; null where it does not.</param>
/// <param name="Took">From sending to the end.</param>
/// <param name="Body">The body, as far as it was read.</param>
internal sealed record Reply(string Id, ReplyKind Kind, int Status, long? Tokens, TimeSpan Took, string Body)
{
    /// <summary>Whether all of it was seen: then it must be in a ledger.</summary>
    public bool IsComplete => Kind < ReplyKind.Cut;
}
