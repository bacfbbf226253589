using Gateway.Providers.Credentials.Aws;

namespace Gateway.Providers.Credentials;

/// <summary>A provider's keys, of which each request uses one. Immutable but for what their states say.</summary>
internal sealed class KeySetCredential
{
    /// <summary>Makes a set.</summary>
    /// <param name="keys">At least one; ids differ.</param>
    public KeySetCredential(IReadOnlyList<ProviderKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        Keys = keys;
        var weight = 0;
        foreach (var key in keys) weight = checked(weight + key.Weight);
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

    /// <summary>
    /// Chooses by weight among the keys that are not excluded and do not rest; when all of those rest, the one that is over with it first. Allocates nothing.
    /// </summary>
    /// <param name="excluded">Keys that this request has already been refused with.</param>
    /// <param name="model">The model it is for.</param>
    /// <returns>The key, or null when all are excluded.</returns>
    public ProviderKey? Choose(ReadOnlySpan<ProviderKey> excluded = default, string model = "")
    {
        if (Keys.Count == 1)
            return excluded.Contains(Keys[0]) ? null : Keys[0];
        var awake = 0;
        ProviderKey? soonest = null;
        var shortest = TimeSpan.MaxValue;
        foreach (var key in Keys)
        {
            if (excluded.Contains(key)) continue;
            var rest = key.State.RestOf(model);
            if (rest == TimeSpan.Zero) awake += key.Weight;
            if (rest < shortest) (soonest, shortest) = (key, rest);
        }

        if (awake == 0)
            return soonest;
        var ticket = Random.Shared.Next(awake);
        foreach (var key in Keys)
        {
            if (excluded.Contains(key) || key.State.RestOf(model) > TimeSpan.Zero) continue;
            ticket -= key.Weight;
            if (ticket < 0) return key;
        }

        return soonest; // one went to rest, or woke, meanwhile
    }

    /// <summary>Whether a key is left that is not excluded.</summary>
    /// <param name="excluded">Keys that a request has already been refused with.</param>
    public bool HasAny(ReadOnlySpan<ProviderKey> excluded)
    {
        foreach (var key in Keys)
        {
            if (!excluded.Contains(key)) return true;
        }

        return false;
    }

    /// <summary>Whether a key is left that is not excluded and does not rest.</summary>
    /// <param name="model">The model it is for.</param>
    /// <param name="excluded">Keys that a request has already been refused with.</param>
    public bool HasAwake(string model, ReadOnlySpan<ProviderKey> excluded)
    {
        foreach (var key in Keys)
        {
            if (!excluded.Contains(key) && key.State.RestOf(model) == TimeSpan.Zero) return true;
        }

        return false;
    }

    /// <summary>How long until the first of the keys does not rest; zero when one does not now.</summary>
    /// <param name="model">The model it is for.</param>
    public TimeSpan Wakes(string model)
    {
        var shortest = TimeSpan.MaxValue;
        foreach (var key in Keys)
        {
            if (key.State.RestOf(model) is var rest && rest < shortest) shortest = rest;
        }

        return shortest;
    }

    /// <summary>A provider's text without any of these keys in it.</summary>
    public string Mask(string text)
    {
        foreach (var key in Keys) text = key.Credential.Mask(text);
        return text;
    }
}
