using Gateway.Providers.Credentials.Aws;

namespace Gateway.Providers.Credentials;

/// <summary>A provider's keys, of which each request uses one. Immutable.</summary>
internal sealed class KeySetCredential
{
    private readonly int _weight;

    /// <summary>Makes a set.</summary>
    /// <param name="keys">At least one; ids differ.</param>
    public KeySetCredential(IReadOnlyList<ProviderKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        Keys = keys;
        foreach (var key in keys) _weight = checked(_weight + key.Weight);
    }

    /// <summary>A set of one credential that serves every model.</summary>
    public static KeySetCredential Of(IProviderCredential credential) => new([new ProviderKey("default", credential)]);

    /// <summary>The keys in the order written.</summary>
    public IReadOnlyList<ProviderKey> Keys { get; }

    /// <summary>The keys that serve a model: this very set when all do, null when none does.</summary>
    public KeySetCredential? For(string model)
    {
        List<ProviderKey> serving = [.. Keys.Where(key => key.Serves(model))];
        return serving.Count == 0 ? null : serving.Count == Keys.Count ? this : new KeySetCredential(serving);
    }

    /// <summary>The keys with these ids: null when there is none.</summary>
    public KeySetCredential? Only(IReadOnlyList<string> ids)
    {
        List<ProviderKey> named = [.. Keys.Where(key => ids.Contains(key.Id))];
        return named.Count == 0 ? null : new KeySetCredential(named);
    }

    /// <summary>The same keys for requests to another region.</summary>
    public KeySetCredential In(string region) =>
        Keys.Any(key => key.Credential is SigV4Credential) ? new([.. Keys.Select(key => key.Credential is SigV4Credential aws ? key with { Credential = aws.In(region) } : key)]) : this;

    /// <summary>Chooses by weight among the keys that are not excluded. Allocates nothing.</summary>
    /// <param name="excluded">Keys that this request has already been refused with.</param>
    /// <returns>The key, or null when all are excluded.</returns>
    public ProviderKey? Choose(ReadOnlySpan<ProviderKey> excluded = default)
    {
        if (excluded.IsEmpty)
            return Keys.Count == 1 ? Keys[0] : At(Random.Shared.Next(_weight), excluded);
        var left = 0;
        foreach (var key in Keys)
        {
            if (!excluded.Contains(key)) left += key.Weight;
        }

        return left == 0 ? null : At(Random.Shared.Next(left), excluded);
    }

    /// <summary>A provider's text without any of these keys in it.</summary>
    public string Mask(string text)
    {
        foreach (var key in Keys) text = key.Credential.Mask(text);
        return text;
    }

    private ProviderKey At(int ticket, ReadOnlySpan<ProviderKey> excluded)
    {
        foreach (var key in Keys)
        {
            if (!excluded.IsEmpty && excluded.Contains(key)) continue;
            ticket -= key.Weight;
            if (ticket < 0) return key;
        }

        throw new InvalidOperationException("A ticket is smaller than the sum of the weights.");
    }
}
