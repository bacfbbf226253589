using Gateway.Providers;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>An enabled provider and how it came to be.</summary>
/// <param name="Snapshot">How to reach it.</param>
/// <param name="Type">Profile id, which is also its name in the model catalogue.</param>
/// <param name="BaseUri">Its base address.</param>
/// <param name="ApiKey">Where its credential is kept, or null when it has none or it is not a single key.</param>
/// <param name="Source"><c>file</c>, <c>environment</c> or <c>built-in</c>.</param>
internal sealed record EffectiveProvider(ProviderSnapshot Snapshot, string Type, Uri BaseUri, SecretReference? ApiKey, string Source);
