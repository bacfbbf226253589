namespace Gateway.Errors;

/// <summary>One error on its way to a client: a kind, and text that is safe to show.</summary>
/// <param name="Kind">The stable class of the error.</param>
/// <param name="Message">Text for the client: never a secret, never an upstream's free text that is not allow-listed.</param>
internal sealed record GatewayError(ErrorKind Kind, string Message)
{
    /// <summary>The request parameter at fault, in the dialect's own notation, or null.</summary>
    public string? Param { get; init; }

    /// <summary>How long to wait before trying again; rendered as <c>Retry-After</c> in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// How long the provider itself said to stay away; null when it did not say. <see cref="RetryAfter"/> may then still be the gateway's guess,
    /// which is good advice for a client and no word to hold a target to.
    /// </summary>
    public TimeSpan? ProviderRetryAfter { get; init; }

    /// <summary>The parameter that the model does not support, as the provider names it; null when the error is not about one. Empty when it does not say which.</summary>
    public string? Unsupported { get; init; }

    /// <summary>The provider's own machine-readable code, where it may be shown; it then stands in for the kind's.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>The HTTP status the provider answered with, or null when it never answered.</summary>
    public int? UpstreamStatus { get; init; }

    /// <summary>The code the client sees.</summary>
    public string Code => ProviderCode ?? Kind.Code;
}
