using Gateway.Errors;
using Gateway.Providers.Credentials;

namespace Gateway.Routing.Attempts;

/// <summary>Which of a provider's keys an attempt uses, and what its answer says of that key.</summary>
internal static class UpstreamCredentials
{
    /// <summary>Chooses a key for the target's model and proves the gateway with it.</summary>
    /// <param name="target">The target.</param>
    /// <param name="request">The request, otherwise complete.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key; null when the provider takes none.</returns>
    /// <exception cref="CredentialException">There is none, or its source failed.</exception>
    public static ValueTask<ProviderKey?> ApplyAsync(TargetSnapshot target, HttpRequestMessage request, CancellationToken cancellation) =>
        ApplyAsync(target, [], request, cancellation);

    /// <summary>As the other one, without keys that have been refused before.</summary>
    /// <param name="target">The target.</param>
    /// <param name="excluded">Keys not to use again for this request.</param>
    /// <param name="request">The request, otherwise complete.</param>
    /// <param name="cancellation">Gives up.</param>
    public static ValueTask<ProviderKey?> ApplyAsync(
        TargetSnapshot target, ReadOnlySpan<ProviderKey> excluded, HttpRequestMessage request, CancellationToken cancellation)
    {
        if (target.Provider.Credentials is null)
            return default;
        if (target.Credentials?.Choose(excluded) is not { } key)
            throw new CredentialException($"The gateway has no key left for '{target.Address}'.");
        var applying = key.Credential.ApplyAsync(request, cancellation);
        return applying.IsCompletedSuccessfully ? new ValueTask<ProviderKey?>(key) : AppliedAsync(applying, key);
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

    private static async ValueTask<ProviderKey?> AppliedAsync(ValueTask applying, ProviderKey key)
    {
        await applying.ConfigureAwait(false);
        return key;
    }
}
