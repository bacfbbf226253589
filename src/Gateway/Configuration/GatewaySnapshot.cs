using System.Collections.Frozen;
using Gateway.Admission;
using Gateway.Providers;
using Gateway.Routing;

namespace Gateway.Configuration;

/// <summary>A whole configuration, compiled and immutable. A request holds one snapshot to its end.</summary>
internal sealed class GatewaySnapshot
{
    /// <summary>Grows by one with each swap in this process.</summary>
    public required long Epoch { get; init; }

    /// <summary>Enabled providers by id.</summary>
    public required FrozenDictionary<string, ProviderSnapshot> Providers { get; init; }

    /// <summary>Model names to routes.</summary>
    public required IModelDirectory Models { get; init; }

    /// <summary>Virtual keys declared in configuration (others live in the key store).</summary>
    public required IReadOnlyList<VirtualKey> Keys { get; init; }

    /// <summary>Process-wide limits.</summary>
    public required LimitsSnapshot Limits { get; init; }
}
