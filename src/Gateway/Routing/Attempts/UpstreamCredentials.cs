using Gateway.Errors;
using Gateway.Providers.Credentials;

namespace Gateway.Routing.Attempts;

/// <summary>Which of a provider's keys an attempt uses, and what its answer says of that key.</summary>
internal static class UpstreamCredentials
{
    /// <summary>How long a key that was refused is not chosen while others can be.</summary>
    public static readonly TimeSpan RefusedRest = TimeSpan.FromSeconds(60);

    /// <summary>How long a key whose account has nothing left is not chosen while others can be.</summary>
    public static readonly TimeSpan QuotaRest = TimeSpan.FromMinutes(5);

    /// <summary>How long a key that is limited is not chosen when the provider does not say how long.</summary>
    public static readonly TimeSpan LimitedRest = TimeSpan.FromSeconds(1);

    /// <summary>Chooses a key for the target's model, notes it, and proves the gateway with it.</summary>
    /// <param name="attempt">The attempt; keys that this request was refused with before are not used again.</param>
    /// <param name="request">The request, otherwise complete.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CredentialException">There is no key, or its source failed.</exception>
    public static ValueTask ApplyAsync(Attempt attempt, HttpRequestMessage request, CancellationToken cancellation)
    {
        var target = attempt.Target;
        if (target.Provider.Credentials is null)
            return default; // it takes none
        attempt.Key = target.Credentials?.Choose(attempt.RefusedKeys, target.Model) ?? throw new CredentialException($"The gateway has no key left for '{target.Address}'.");
        return attempt.Key.Credential.ApplyAsync(request, cancellation);
    }

    /// <summary>Tells a key that it was refused, and looks whether it has been replaced meanwhile.</summary>
    /// <param name="key">The key; null when the provider takes none.</param>
    /// <param name="error">What the provider answered.</param>
    /// <param name="refused">The request as it was sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>True when the request may succeed if it is sent again.</returns>
    public static ValueTask<bool> RenewAsync(ProviderKey? key, GatewayError error, HttpRequestMessage refused, CancellationToken cancellation)
    {
        if (error.UpstreamStatus is 401 or 403)
            key?.Credential.Refused();
        return key is not null && error.UpstreamStatus == 401 ? key.Credential.RenewAsync(refused, cancellation) : default;
    }

    /// <summary>
    /// Lets a key rest that was refused, is used up or is limited, so that other requests choose others; and finds out how long the target itself
    /// is to be left alone: not at all while it has a key that may be used.
    /// </summary>
    /// <param name="attempt">The attempt, over.</param>
    /// <param name="end">How it ended.</param>
    public static void Settle(Attempt attempt, AttemptEnd end)
    {
        if (attempt.Error is not { } error)
            return;
        attempt.StayAway = error.ProviderRetryAfter;
        if (attempt.Key is not { } key || attempt.Target.Credentials is not { Keys.Count: > 1 } keys || end == AttemptEnd.RetrySame)
            return;
        var model = attempt.Target.Model;
        if (error.Kind == ErrorKinds.UpstreamQuota)
            key.State.Rest(error.ProviderRetryAfter ?? QuotaRest);
        else if (error.Kind == ErrorKinds.UpstreamAuthentication && error.UpstreamStatus == 403)
            key.State.Rest(RefusedRest, model); // what it may not use may be this model alone
        else if (error.Kind == ErrorKinds.UpstreamAuthentication)
            key.State.Rest(RefusedRest);
        else if (error.Kind == ErrorKinds.UpstreamRateLimit)
            key.State.Rest(error.RetryAfter ?? LimitedRest, model);
        else
            return;
        if (attempt.StayAway is { } said)
            attempt.StayAway = keys.Wakes(model) is var wakes && wakes == TimeSpan.Zero ? null : wakes < said ? wakes : said;
    }
}
