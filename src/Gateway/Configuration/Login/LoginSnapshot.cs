using Gateway.Secrets;

namespace Gateway.Configuration.Login;

/// <summary>Login as compiled.</summary>
/// <param name="Config">Issuers and mappings.</param>
/// <param name="ClientSecret">The gateway's secret at the provider; null when it has none.</param>
internal sealed record LoginSnapshot(LoginConfig Config, Secret? ClientSecret);
