using System.Security.Cryptography;
using System.Text;
using Gateway.Admission;
using Gateway.Configuration;

namespace GatewayApi.Hosting;

/// <summary>The secrets a deployment needs and has not been given: made once, kept as hashes, shown once.</summary>
internal sealed class FirstRun(KeyStore store, GatewayStartup startup)
{
    private const string HashingKeySetting = "key_hashing_secret";
    private const string AdminKeySetting = "admin_key_hash";

    /// <summary>Environment variable that sets the admin key, for deployments without a lasting disk.</summary>
    public const string AdminKeyVariable = "GATEWAY_ADMIN_KEY";

    /// <summary>Environment variable that sets the key-hashing secret, so that replicas agree on hashes.</summary>
    public const string HashingKeyVariable = "GATEWAY_KEY_HASHING_SECRET";

    private string? _newAdminKey;

    /// <summary>The deployment's hasher.</summary>
    public KeyHasher LoadHasher()
    {
        if (startup.Environment.TryGetValue(HashingKeyVariable, out var given) && given.Length > 0)
            return new KeyHasher(Encoding.UTF8.GetBytes(given));
        if (store.GetSetting(HashingKeySetting) is not { } secret)
            store.SetSetting(HashingKeySetting, secret = RandomNumberGenerator.GetBytes(32));
        return new KeyHasher(secret);
    }

    /// <summary>The admin key.</summary>
    public AdminKey LoadAdminKey(KeyHasher hasher)
    {
        if (startup.Environment.TryGetValue(AdminKeyVariable, out var given) && given.Length > 0)
            return new AdminKey(hasher, hasher.Hash(given));
        if (store.GetSetting(AdminKeySetting) is { } known)
            return new AdminKey(hasher, known);
        _newAdminKey = KeyValues.Create("gw-admin");
        var hash = hasher.Hash(_newAdminKey);
        store.SetSetting(AdminKeySetting, hash);
        return new AdminKey(hasher, hash);
    }

    /// <summary>All virtual keys: declared ones and stored ones. Makes a first one when there is none.</summary>
    public IReadOnlyList<VirtualKey> LoadKeys(KeyHasher hasher, GatewaySnapshot snapshot, out string? newKey)
    {
        newKey = null;
        var stored = store.LoadAll();
        if (stored.Count == 0 && snapshot.Keys.Count == 0)
        {
            newKey = KeyValues.Create("gw");
            store.Add(new VirtualKey { Id = "default", Name = "First key", Hash = hasher.Hash(newKey), Models = ["*"] });
            stored = store.LoadAll();
        }

        return [.. snapshot.Keys, .. stored];
    }

    /// <summary>Says where the gateway listens, and shows new keys once.</summary>
    public void Greet(string url, string dataDirectory, string? newKey, string model)
    {
        var output = startup.Output;
        output.WriteLine($"AI gateway listening on {url} (data in {dataDirectory})");
        if (_newAdminKey is null && newKey is null)
            return;
        output.WriteLine();
        output.WriteLine("First run: these keys are shown once and kept only as hashes.");
        if (_newAdminKey is not null)
            output.WriteLine($"  admin key:   {_newAdminKey}");
        if (newKey is not null)
        {
            output.WriteLine($"  virtual key: {newKey}");
            output.WriteLine();
            output.WriteLine("Try it:");
            output.WriteLine($$"""  curl -N {{url}}/v1/chat/completions -H "Authorization: Bearer {{newKey}}" -H "Content-Type: application/json" -d '{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Say hello"}]}'""");
        }

        output.WriteLine();
    }
}
