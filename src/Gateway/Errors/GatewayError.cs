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

    /// <summary>Whether <see cref="RetryAfter"/> is what the provider said, and not the gateway's guess.</summary>
    public bool IsWaitSaid { get; init; }

    /// <summary>The provider's own machine-readable code, where it may be shown; it then stands in for the kind's.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>The HTTP status the provider answered with, or null when it never answered.</summary>
    public int? UpstreamStatus { get; init; }

    /// <summary>The code the client sees.</summary>
    public string Code => ProviderCode ?? Kind.Code;
}
