namespace Gateway.Providers.Credentials;

/// <summary>There is no valid credential for a provider. The text names the provider and the source and never holds a secret.</summary>
internal sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);
