using Gateway.Secrets;

namespace Gateway.Providers.Credentials;

/// <summary>A key of the vault in a header: always the one that the vault gave last.</summary>
/// <param name="header">The header's name.</param>
/// <param name="format">The header's value, with <c>{key}</c> for the key.</param>
/// <param name="name">The secret's name.</param>
/// <param name="vault">The vault's secrets.</param>
internal sealed class VaultCredential(string header, string format, string name, VaultCache vault) : IProviderCredential
{
    private volatile Proof? _proof;
    private volatile Proof? _before;

    public ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.TryAddWithoutValidation(header, Current().Header);
        return ValueTask.CompletedTask;
    }

    /// <summary>See <see cref="RenewAsync"/>.</summary>
    public void Refused()
    {
    }

    public ValueTask<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellation)
    {
        var current = Current();
        var sent = refused.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
        return sent == current.Header ? vault.RenewAsync(name, current.Key, cancellation) : new ValueTask<bool>(true);
    }

    // A request may still be under way with the key before.
    public string Mask(string text) => Without(_before, Without(_proof, text));

    private static string Without(Proof? proof, string text) => proof is null ? text : SecretMask.Apply(text, proof.Key.Reveal());

    private Proof Current()
    {
        var key = vault.Current(name) ?? throw new CredentialException($"The vault has no secret '{name}'.");
        if (_proof is { } proof && proof.Key == key)
            return proof;
        var text = key.Reveal();
        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new CredentialException($"The secret '{name}' cannot be sent in a header.");
        (_before, _proof) = (_proof, proof = new Proof(key, format.Replace("{key}", text, StringComparison.Ordinal)));
        return proof;
    }

    private sealed record Proof(Secret Key, string Header);
}
