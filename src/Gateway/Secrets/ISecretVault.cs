namespace Gateway.Secrets;

/// <summary>Where secrets written as <c>secret:NAME</c> are kept: a Dapr secret store, or a file of the embedded default.</summary>
internal interface ISecretVault
{
    /// <summary>The secret, or null when the vault has none of that name.</summary>
    /// <param name="name">The name, and after a slash the member where the vault keeps several values under one name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The vault did not answer, or not in time.</exception>
    ValueTask<Secret?> GetAsync(string name, CancellationToken cancellation = default);
}
