namespace Gateway.Providers.Profiles;

/// <summary>What to assume when a base address in the environment is written without a scheme, e.g. <c>OLLAMA_HOST=0.0.0.0</c>.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Port">The port when none is written; null: the scheme's own.</param>
internal sealed record BareHostProfile(string Scheme, int? Port);
