namespace Gateway.Providers.Credentials;

/// <summary>When temporary credentials are fetched again.</summary>
internal sealed record RefreshPolicy
{
    /// <summary>How long before their end they are fetched anew, at most half their life; default 5 minutes.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Up to this is added to <see cref="Lead"/> at random, so that replicas do not all ask at once; default 1 minute.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a source is left alone after it failed while what it gave before is still valid; default 30 s.</summary>
    public TimeSpan RetryAhead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a source is left alone after it failed and there is nothing valid; default 1 s.</summary>
    public TimeSpan RetryEmpty { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How old credentials must be for a provider's refusal to make them be fetched anew: a 403 is often about something else; default 30 s.</summary>
    public TimeSpan LeastAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit on one fetch, all its calls together; default 10 s.</summary>
    public TimeSpan FetchLimit { get; init; } = TimeSpan.FromSeconds(10);
}
