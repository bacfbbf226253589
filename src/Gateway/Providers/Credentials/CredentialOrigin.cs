namespace Gateway.Providers.Credentials;

/// <summary>Whose credential it is and where it comes from, for errors and logs.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Source">The source for people: <c>the instance metadata service</c>.</param>
internal sealed record CredentialOrigin(string Provider, string Source)
{
    /// <summary>An exception for people.</summary>
    /// <param name="reason">What happened, without any of what was received: it may hold secrets.</param>
    /// <param name="inner">Only exceptions whose text cannot hold a secret.</param>
    public CredentialException Failed(string reason, Exception? inner = null) =>
        new($"The gateway has no valid credential for the provider '{Provider}': {Source} {reason}.", inner);
}
