namespace Gateway.Providers.Profiles;

/// <summary>Where a provider lists its models.</summary>
/// <param name="Path">Path under the base address.</param>
/// <param name="Shape">Whose list it looks like: openai, anthropic, gemini, cohere, ollama or databricks.</param>
internal sealed record ModelDiscovery(string Path, string Shape);
