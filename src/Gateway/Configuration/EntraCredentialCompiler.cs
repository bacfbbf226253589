using Gateway.Configuration.Documents;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Entra;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Finds out where tokens of Microsoft Entra ID come from.</summary>
internal sealed class EntraCredentialCompiler(CredentialServices services, SecretResolver secrets, ProblemList problems)
{
    private const string TenantVariable = "AZURE_TENANT_ID", ClientVariable = "AZURE_CLIENT_ID";

    /// <summary>Compiles; null, with problems, when it can't be done.</summary>
    /// <param name="entra">What is declared.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="path">JSON path of the section.</param>
    public IProviderCredential? Compile(EntraCredentialConfig entra, string provider, string path)
    {
        var scope = entra.Scope ?? EntraCredential.DefaultScope;
        var tenant = entra.TenantId ?? services.Variable(TenantVariable);
        var client = entra.ClientId ?? services.Variable(ClientVariable);
        switch (SourceOf(entra))
        {
            case EntraSource.ManagedIdentity:
                return EntraCredentials.ManagedIdentity(provider, client, scope, services);
            case EntraSource.AzureCli:
                return EntraCredentials.AzureCli(provider, entra.TenantId, scope, services);
            case EntraSource.WorkloadIdentity:
                var file = services.Variable(EntraCredentials.TokenFileVariable);
                if (file is null) problems.Add(JsonPath.Member(path, "source"), $"needs {EntraCredentials.TokenFileVariable}, which is not set; set it, or choose another source");
                return AreKnown(tenant, client, path) && file is not null ? EntraCredentials.WorkloadIdentity(provider, tenant!, client!, file, scope, services) : null;
            default:
                Secret? secret = null;
                if (entra.ClientSecret is not null && secrets.Resolve(entra.ClientSecret, out secret) is { } fault) problems.Add(JsonPath.Member(path, "clientSecret"), fault);
                return AreKnown(tenant, client, path) && secret is not null ? EntraCredentials.ClientSecret(provider, tenant!, client!, secret, scope, services) : null;
        }
    }

    private EntraSource SourceOf(EntraCredentialConfig entra) =>
        entra.Source
        ?? (entra.ClientSecret is not null ? EntraSource.ClientSecret
            : services.Variable(EntraCredentials.TokenFileVariable) is not null ? EntraSource.WorkloadIdentity
            : EntraSource.ManagedIdentity);

    private bool AreKnown(string? tenant, string? client, string path)
    {
        if (tenant is null) problems.Add(JsonPath.Member(path, "tenantId"), $"is missing and {TenantVariable} is not set; write the tenant's id");
        if (client is null) problems.Add(JsonPath.Member(path, "clientId"), $"is missing and {ClientVariable} is not set; write the application's id");
        return tenant is not null && client is not null;
    }
}
