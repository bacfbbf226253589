using System.Globalization;
using Gateway.Configuration.Documents;
using Gateway.Providers.Credentials.Entra;

namespace Gateway.Configuration;

/// <summary>Checks what the credential settings of a provider say together.</summary>
internal static class CredentialRules
{
    /// <summary>The id of a key, written or not.</summary>
    public static string IdOf(IReadOnlyList<ProviderKeyConfig> keys, int index) =>
        keys[index].Id ?? string.Create(CultureInfo.InvariantCulture, $"key-{index + 1}");

    /// <summary>Reports every broken rule.</summary>
    public static void Check(ProviderConfig provider, string path, ProblemList problems)
    {
        CheckKeys(provider.Keys ?? [], JsonPath.Member(path, "keys"), problems);
        if (provider.Credential is not { } credential) return;
        var at = JsonPath.Member(path, "credential");
        if (provider.ApiKey is not null) problems.Add(at, "contradicts apiKey; keep one of them");
        if (provider.Keys is not null) problems.Add(at, "contradicts keys; keep one of them");
        if (credential.Aws is { } aws) CheckAws(aws, JsonPath.Member(at, "aws"), problems);
        if (credential.Entra is { } entra) CheckEntra(entra, JsonPath.Member(at, "entra"), problems);
    }

    private static void CheckKeys(IReadOnlyList<ProviderKeyConfig> keys, string path, ProblemList problems)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var (key, at) = (keys[i], JsonPath.Item(path, i));
            var id = IdOf(keys, i);
            for (var j = 0; j < i; j++)
            {
                if (IdOf(keys, j) == id) problems.Add(JsonPath.Member(at, "id"), $"is already the id of another key (\"{id}\"); ids must differ");
                if (key.Key is not null && keys[j].Key == key.Key) problems.Add(JsonPath.Member(at, "key"), "is the same as that of an earlier key; keep one, with both their weights and models");
            }

            if (key.Models.Count > 1 && key.Models.Contains("*"))
                problems.Add(JsonPath.Member(at, "models"), "holds \"*\", so its other items have no effect; keep either");
        }
    }

    private static void CheckAws(AwsCredentialConfig aws, string path, ProblemList problems)
    {
        var isStatic = aws.AccessKeyId is not null || aws.SecretAccessKey is not null || aws.Source == "static";
        if (isStatic && aws.Source is not (null or "static"))
            problems.Add(JsonPath.Member(path, "source"), "contradicts accessKeyId and secretAccessKey; keep one of them");
        if (isStatic && aws.AccessKeyId is null && !problems.Touches(JsonPath.Member(path, "accessKeyId")))
            problems.Add(JsonPath.Member(path, "accessKeyId"), "is missing; an access key has two halves");
        if (isStatic && aws.SecretAccessKey is null && !problems.Touches(JsonPath.Member(path, "secretAccessKey")))
            problems.Add(JsonPath.Member(path, "secretAccessKey"), "is missing; an access key has two halves");
        if (aws.SessionToken is not null && !isStatic)
            problems.Add(JsonPath.Member(path, "sessionToken"), "has no effect without accessKeyId and secretAccessKey; write them, or remove it");
    }

    private static void CheckEntra(EntraCredentialConfig entra, string path, ProblemList problems)
    {
        if (entra.ClientSecret is not null && entra.Source is not (null or EntraSource.ClientSecret))
            problems.Add(JsonPath.Member(path, "clientSecret"), "has no effect with this source; set source to \"clientSecret\", or remove it");
        if (entra.ClientSecret is null && entra.Source == EntraSource.ClientSecret && !problems.Touches(JsonPath.Member(path, "clientSecret")))
            problems.Add(JsonPath.Member(path, "clientSecret"), $"is missing; write {Secrets.SecretReference.Forms}");
        if (entra.TenantId is not null && entra.Source == EntraSource.ManagedIdentity)
            problems.Add(JsonPath.Member(path, "tenantId"), "has no effect with a managed identity, which knows its tenant; remove it");
        if (entra.ClientId is not null && entra.Source == EntraSource.AzureCli)
            problems.Add(JsonPath.Member(path, "clientId"), "has no effect with the Azure CLI; remove it");
    }
}
