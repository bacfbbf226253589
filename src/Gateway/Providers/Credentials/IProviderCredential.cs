namespace Gateway.Providers.Credentials;

/// <summary>What proves to a provider who is calling. One instance serves every request; it fetches nothing before the first.</summary>
internal interface IProviderCredential
{
    /// <summary>
    /// Adds the proof to a request. Call it last: a signature covers what stands in the request by then, and reads the content once,
    /// which must therefore be one that can be sent again. Completes at once unless something has to be fetched.
    /// </summary>
    /// <param name="request">The request, otherwise complete.</param>
    /// <param name="cancellation">Stops this request's waiting; a fetch that others wait for goes on.</param>
    /// <exception cref="CredentialException">There is nothing valid to add.</exception>
    ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation);

    /// <summary>The provider answered 401 or 403: what is temporary is fetched anew for the next request.</summary>
    void Refused();

    /// <summary>The provider answered 401: looks whether there is another proof by now than the one it was given.</summary>
    /// <param name="refused">The request as it was sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>True when the same request, sent again, would be proven otherwise.</returns>
    ValueTask<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellation) => new(false);

    /// <summary>A provider's text without the secrets in it: some quote what they were given.</summary>
    string Mask(string text);
}
