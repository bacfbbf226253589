using Gateway.Configuration.Documents;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Google;
using Gateway.Providers.Profiles;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Compiles what proves the gateway to a provider: a key, several, or the credentials of a cloud.</summary>
internal sealed class CredentialCompiler(CompileInputs inputs, SecretResolver secrets, string baseDirectory, ProblemList problems)
{
    private readonly CredentialServices _services = new() { Time = inputs.Time, Logger = inputs.Logger, Environment = inputs.Environment };

    /// <summary>Compiles that of a declared provider.</summary>
    /// <param name="declared">The provider.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="baseUri">Its address; null when that could not be known.</param>
    /// <param name="path">JSON path of the provider.</param>
    public CompiledCredential Compile(ProviderConfig declared, ProviderProfile profile, Uri? baseUri, string path)
    {
        if (declared.Keys is { } keys)
            return new(Keys(declared.Id, keys, profile, JsonPath.Member(path, "keys")), null);
        if (declared.Credential is { } written)
            return new(Set(Declared(written, declared.Id, profile, baseUri, JsonPath.Member(path, "credential"))), null);
        var at = JsonPath.Member(path, "apiKey");
        if ((declared.ApiKey ?? KeyVariable(profile)) is { } key)
        {
            if (secrets.Resolve(key, out var secret) is not { } fault) return new(KeySetCredential.Of(Proof(profile, key, secret!)), key);
            problems.Add(at, fault);
            return new(null, key);
        }

        if (Usual(profile) is { } usual)
            return new(Set(Declared(usual, declared.Id, profile, baseUri, path)), null);
        if (profile.Credential.Required)
            problems.Add(at, $"is missing and {profile.Credential.Variables[0]} is not set; set it, or write {SecretReference.Forms}");
        return new(null, null);
    }

    /// <summary>The first conventional variable of a profile that holds a key, or null.</summary>
    public SecretReference? KeyVariable(ProviderProfile profile)
    {
        foreach (var name in profile.Credential.Variables)
        {
            if (!string.IsNullOrWhiteSpace(inputs.Environment.GetValueOrDefault(name))) return new SecretReference(false, name);
        }

        return null;
    }

    /// <summary>A key as the profile wants it sent.</summary>
    public static HeaderCredential Header(ProviderProfile profile, Secret key) =>
        new(profile.Credential.Header, new Secret(profile.Credential.Format.Replace("{key}", key.Reveal(), StringComparison.Ordinal)));

    // One of the vault may be replaced while the snapshot serves.
    private IProviderCredential Proof(ProviderProfile profile, SecretReference reference, Secret secret) => reference.IsVault && inputs.Vault is { } vault
        ? new VaultCredential(profile.Credential.Header, profile.Credential.Format, reference.Name, vault)
        : Header(profile, secret);

    private static KeySetCredential? Set(IProviderCredential? credential) => credential is null ? null : KeySetCredential.Of(credential);

    /// <summary>What stands in for a key where none is given.</summary>
    private static CredentialConfig? Usual(ProviderProfile profile) => profile.Credential.Scheme switch
    {
        "sigv4" => new CredentialConfig { Aws = new() },
        "google" => new CredentialConfig { Google = new() },
        "entra" => new CredentialConfig { Entra = new() },
        _ => null,
    };

    private KeySetCredential? Keys(string provider, IReadOnlyList<ProviderKeyConfig> declared, ProviderProfile profile, string path)
    {
        var keys = new List<ProviderKey>();
        for (var i = 0; i < declared.Count; i++)
        {
            var key = declared[i];
            if (key.Key is null) continue;
            if (secrets.Resolve(key.Key, out var secret) is { } fault)
                problems.Add(JsonPath.Member(JsonPath.Item(path, i), "key"), fault);
            else
                {
                var id = CredentialRules.IdOf(declared, i);
                keys.Add(new ProviderKey(id, Proof(profile, key.Key, secret!)) { Weight = key.Weight, Models = key.Models, State = inputs.Keys.Of(provider, id) });
            }
        }

        return keys.Count == 0 ? null : new KeySetCredential(keys);
    }

    private IProviderCredential? Declared(CredentialConfig written, string provider, ProviderProfile profile, Uri? baseUri, string path)
    {
        // A server with an address of the operator's own may be anything; the others are known to take what they take.
        if (written.Aws is { } aws && Takes(profile, "sigv4", JsonPath.Member(path, "aws")))
            return new AwsCredentialCompiler(_services, secrets, problems).Compile(aws, provider, baseUri, JsonPath.Member(path, "aws"));
        if (written.Google is { } google && Takes(profile, "google", JsonPath.Member(path, "google")))
            return Google(google, provider, JsonPath.Member(path, "google"));
        if (written.Entra is { } entra && Takes(profile, "entra", JsonPath.Member(path, "entra")))
            return new EntraCredentialCompiler(_services, secrets, problems).Compile(entra, provider, JsonPath.Member(path, "entra"));
        return null;
    }

    private bool Takes(ProviderProfile profile, string scheme, string path)
    {
        if (profile.Credential.Scheme == scheme || profile.BaseUrl is null) return true;
        problems.Add(path, $"contradicts the type: {profile.Name} takes a key in the header {profile.Credential.Header}; write apiKey, or \"type\": \"openai-compatible\" for another server of that dialect");
        return false;
    }

    private IProviderCredential? Google(GoogleCredentialConfig google, string provider, string path)
    {
        var (reference, at) = google switch
        {
            { CredentialsJson: { } json } => (json, JsonPath.Member(path, "credentialsJson")),
            { CredentialsFile: { } file } => (new SecretReference(true, Path.GetFullPath(file, baseDirectory)), JsonPath.Member(path, "credentialsFile")),
            _ when _services.Variable(GoogleCredentials.FileVariable) is { } file => (new SecretReference(true, file), EnvironmentOverrides.ProblemPrefix + GoogleCredentials.FileVariable),
            _ => (null, ""),
        };
        if (reference is null)
            return GoogleCredentials.FromMetadata(provider, _services);
        if (reference.IsVault && inputs.Vault is null)
            return null; // only looked at: what the vault holds is not known
        if (secrets.ResolveText(reference, out var text) is { } missing)
        {
            problems.Add(at, missing);
            return null;
        }

        if (GoogleCredentials.FromJson(provider, text!, _services, out var credential) is { } fault) problems.Add(at, fault);
        return credential;
    }
}
