namespace Gateway.Dialects;

/// <summary>A request that a codec can't read, or can't say on a wire. The message is for the client.</summary>
/// <param name="message">What is wrong, in a sentence.</param>
/// <param name="param">The member at fault in the client's own notation, e.g. <c>messages[0].content</c>, or null.</param>
internal sealed class RequestFormatException(string message, string? param = null) : Exception(message)
{
    /// <summary>The member at fault, or null.</summary>
    public string? Param { get; } = param;
}
