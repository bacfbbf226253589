using System.Collections.Frozen;
using System.Net;
using Gateway.Admission.Directory;
using Gateway.Budgets;
using Gateway.Routing.Policies;

namespace Gateway.Admission;

/// <summary>A caller's key: what it may do. The value itself is never kept, only its keyed hash.</summary>
internal sealed class VirtualKey
{
    /// <summary>Public id, safe to log and to show.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>HMAC-SHA256 of the value under the deployment's key-hashing secret: 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Hashes of values that it had before, and until when they still pass.</summary>
    public IReadOnlyList<KeyHash> EarlierHashes { get; init; } = [];

    /// <summary>Globs (<c>*</c>, <c>?</c>) over route names and <c>provider/model</c> addresses this key may use. Empty means none.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>A disabled key is refused like an unknown one, with its own error code.</summary>
    public bool Disabled { get; init; }

    /// <summary>When it is refused from; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The customer it belongs to, or null.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The team it belongs to, or null.</summary>
    public string? TeamId { get; init; }

    /// <summary>The user it belongs to, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>Globs over provider ids that this key may use, one list for each level that has one: every list must allow the provider.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Providers { get; init; } = [];

    /// <summary>What the levels above allow of models, one list of globs each: every list must allow the model.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ModelsAbove { get; init; } = [];

    /// <summary>Names of the routes it may use besides <see cref="Models"/>; empty: none.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Where its requests may be served by its own word and that of the levels above; null: anywhere.</summary>
    public DataPolicy? Data { get; init; }

    /// <summary>Networks it may be used from; empty: any.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Every limit that its requests count towards, its own and those of the levels above, the key's own first.</summary>
    public IReadOnlyList<LimitSpec> Limits { get; init; } = [];

    /// <summary>Tags that rules may ask for.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Free texts of the key and the levels above it, the nearest level's where several have the same name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Its share of a gateway at its limit, against other tenants'; 1 to 100.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>What it may use, remembered by route.</summary>
    public KeyAccess Access => field ??= new KeyAccess(this);

    /// <summary>Who shares with whom when the gateway is at its limit: the customer, else the team, user or key.</summary>
    public string Tenant => CustomerId ?? TeamId ?? UserId ?? Id;
}
