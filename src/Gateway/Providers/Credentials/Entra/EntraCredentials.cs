using Azure.Core;
using Azure.Identity;
using Gateway.Secrets;

namespace Gateway.Providers.Credentials.Entra;

/// <summary>Makes credentials of Microsoft Entra ID.</summary>
internal static class EntraCredentials
{
    /// <summary>Names the file with a workload's token.</summary>
    public const string TokenFileVariable = "AZURE_FEDERATED_TOKEN_FILE";

    /// <summary>From the identity of the machine.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="clientId">A user-assigned identity; null: the system's own.</param>
    /// <param name="scope">What tokens are for.</param>
    /// <param name="services">The clock and the log.</param>
    public static IProviderCredential ManagedIdentity(string provider, string? clientId, string scope, CredentialServices services) => Make(
        provider,
        "the Azure managed identity",
        new ManagedIdentityCredential(clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)),
        scope,
        services);

    /// <summary>From a token that Kubernetes keeps in a file.</summary>
    public static IProviderCredential WorkloadIdentity(string provider, string tenantId, string clientId, string tokenFile, string scope, CredentialServices services) => Make(
        provider,
        "the Azure workload identity",
        new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { TenantId = tenantId, ClientId = clientId, TokenFilePath = tokenFile }),
        scope,
        services);

    /// <summary>From an application's secret.</summary>
    public static IProviderCredential ClientSecret(string provider, string tenantId, string clientId, Secret secret, string scope, CredentialServices services) => Make(
        provider,
        "the Entra application",
        new ClientSecretCredential(tenantId, clientId, secret.Reveal()),
        scope,
        services);

    /// <summary>From the <c>az</c> tool.</summary>
    public static IProviderCredential AzureCli(string provider, string? tenantId, string scope, CredentialServices services) => Make(
        provider, "the Azure CLI", new AzureCliCredential(new AzureCliCredentialOptions { TenantId = tenantId }), scope, services);

    private static EntraCredential Make(string provider, string source, TokenCredential credential, string scope, CredentialServices services) =>
        new(new CredentialOrigin(provider, source), credential, scope, services);
}
