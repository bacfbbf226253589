using Gateway.Providers.Credentials;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>What proves the gateway to a provider, compiled.</summary>
/// <param name="Credentials">It; null when the provider takes nothing, or there are problems.</param>
/// <param name="ApiKey">Where it is kept when it is a single key.</param>
internal sealed record CompiledCredential(KeySetCredential? Credentials, SecretReference? ApiKey);
