using System.Security.Cryptography;
using System.Text;
using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Configuration;

namespace GatewayApi.Hosting;

/// <summary>The secrets a deployment needs and has not been given: made once, kept as hashes, shown once.</summary>
internal sealed class FirstRun
{
    private const string HashingKeySetting = "key_hashing_secret";
    private const string AdminKeySetting = "admin_key_hash";

    /// <summary>Environment variable that sets the admin key, for deployments without a lasting disk.</summary>
    public const string AdminKeyVariable = "GATEWAY_ADMIN_KEY";

    /// <summary>Environment variable that sets the key-hashing secret, so that replicas agree on hashes.</summary>
    public const string HashingKeyVariable = "GATEWAY_KEY_HASHING_SECRET";

    private readonly GatewayStartup _startup;
    private readonly DataStores _stores;
    private readonly KeyStore _store;
    private string? _newAdminKey;
    private string? _newKey;
    private string _tryModel = "";

    public FirstRun(DataStores stores, GatewayStartup startup)
    {
        (_stores, _startup, _store) = (stores, startup, stores.Keys);
        Hasher = LoadHasher();
        AdminKey = LoadAdminKey();
    }

    /// <summary>The deployment's hasher.</summary>
    public KeyHasher Hasher { get; }

    /// <summary>The admin key.</summary>
    public AdminKey AdminKey { get; }

    /// <summary>Makes a first key when there is none, and chooses a model to try it with.</summary>
    /// <param name="directory">The directory, which has been read.</param>
    /// <param name="keys">Makes keys.</param>
    /// <param name="snapshot">The configuration that will serve.</param>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public async Task MakeKeyAsync(IDirectory directory, KeyOperations keys, GatewaySnapshot snapshot)
    {
        if (!directory.Current.All(EntityKind.Key).Any())
        {
            // Of several replicas that start at once, one makes it and shows it.
            var issued = await keys.CreateAsync(new KeyEntity { Id = "default", Name = "First key", Models = ["*"] }, "gateway");
            _newKey = issued.Value;
        }

        _tryModel = snapshot.Models.Listed.FirstOrDefault(r => r.Targets[0].Card?.Mode == "chat" && r.Name.EndsWith("/chat", StringComparison.Ordinal))?.Name
            ?? snapshot.Models.Listed.FirstOrDefault(r => r.Targets[0].Card?.Mode == "chat")?.Name
            ?? "provider/model";
    }

    /// <summary>Says where the gateway listens, and shows new keys once.</summary>
    public void Greet(string url)
    {
        var output = _startup.Output;
        output.WriteLine($"AI gateway listening on {url} (data in {_stores.Directory})");
        if (_newAdminKey is not null || _newKey is not null)
        {
            output.WriteLine();
            output.WriteLine("First run: these keys are shown once and kept only as hashes.");
        }

        if (_newAdminKey is not null)
            output.WriteLine($"  admin key:   {_newAdminKey}");
        if (_newKey is not null)
        {
            output.WriteLine($"  virtual key: {_newKey}");
            output.WriteLine();
            output.WriteLine("Try it:");
            output.WriteLine($$"""  curl -N {{url}}/v1/chat/completions -H "Authorization: Bearer {{_newKey}}" -H "Content-Type: application/json" -d '{"model":"{{_tryModel}}","stream":true,"messages":[{"role":"user","content":"Say hello"}]}'""");
            output.WriteLine();
        }

        (_newAdminKey, _newKey) = (null, null);
    }

    private KeyHasher LoadHasher()
    {
        if (_startup.Environment.TryGetValue(HashingKeyVariable, out var given) && given.Length > 0)
            return new KeyHasher(Encoding.UTF8.GetBytes(given));
        if (_store.GetSetting(HashingKeySetting) is not { } secret)
            _store.SetSetting(HashingKeySetting, secret = RandomNumberGenerator.GetBytes(32));
        return new KeyHasher(secret);
    }

    private AdminKey LoadAdminKey()
    {
        if (_startup.Environment.TryGetValue(AdminKeyVariable, out var given) && given.Length > 0)
            return new AdminKey(Hasher, Hasher.Hash(given));
        if (_store.GetSetting(AdminKeySetting) is { } known)
            return new AdminKey(Hasher, known);
        _newAdminKey = KeyValues.Create("gw-admin");
        var hash = Hasher.Hash(_newAdminKey);
        _store.SetSetting(AdminKeySetting, hash);
        return new AdminKey(Hasher, hash);
    }
}
