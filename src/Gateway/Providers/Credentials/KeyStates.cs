using System.Collections.Concurrent;

namespace Gateway.Providers.Credentials;

/// <summary>The live states of all keys of providers, found when a key is compiled and never on the way of a request. They outlive snapshots.</summary>
/// <param name="time">The clock.</param>
internal sealed class KeyStates(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Provider, string Key), KeyState> _states = new();

    /// <summary>The state of a key.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="key">The key's id.</param>
    public KeyState Of(string provider, string key) => _states.GetOrAdd((provider, key), static (_, t) => new KeyState(t), time);
}
