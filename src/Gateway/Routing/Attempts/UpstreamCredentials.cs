using Gateway.Errors;
using Gateway.Providers.Credentials;

namespace Gateway.Routing.Attempts;

/// <summary>Which of a provider's keys an attempt uses, and what its answer says of that key.</summary>
internal static class UpstreamCredentials
{
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
        attempt.Key = target.Credentials?.Choose(attempt.RefusedKeys) ?? throw new CredentialException($"The gateway has no key left for '{target.Address}'.");
        return attempt.Key.Credential.ApplyAsync(request, cancellation);
    }

    /// <summary>Tells a key what became of it.</summary>
    /// <param name="key">The key; null when the provider takes none.</param>
    /// <param name="error">What the provider answered.</param>
    public static void Note(ProviderKey? key, GatewayError error)
    {
        if (error.UpstreamStatus is 401 or 403)
            key?.Credential.Refused();
    }

    /// <summary>As <see cref="Note"/>, and looks whether the key has been replaced meanwhile.</summary>
    /// <param name="key">The key; null when the provider takes none.</param>
    /// <param name="error">What the provider answered.</param>
    /// <param name="refused">The request as it was sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>True when the request may succeed if it is sent again.</returns>
    public static ValueTask<bool> RenewAsync(ProviderKey? key, GatewayError error, HttpRequestMessage refused, CancellationToken cancellation)
    {
        Note(key, error);
        return key is not null && error.UpstreamStatus == 401 ? key.Credential.RenewAsync(refused, cancellation) : default;
    }
}
