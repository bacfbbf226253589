namespace Gateway.Providers.Profiles;

/// <summary>How a provider wants its credential.</summary>
/// <param name="Header">The header that carries it.</param>
/// <param name="Format">The header's value, with <c>{key}</c> where the credential goes.</param>
/// <param name="Required">False for servers that usually run without one.</param>
/// <param name="Variables">Conventional environment variables that hold it, first found first used.</param>
internal sealed record CredentialProfile(string Header, string Format, bool Required, IReadOnlyList<string> Variables)
{
    /// <summary>
    /// What proves the gateway when no key is given: <c>header</c> (nothing else does), <c>sigv4</c>, <c>google</c> or <c>entra</c>.
    /// </summary>
    public string Scheme { get; init; } = "header";
}
