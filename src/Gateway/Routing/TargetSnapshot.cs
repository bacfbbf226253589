using System.IO.Hashing;
using System.Runtime.InteropServices;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Providers;
using Gateway.Providers.Catalogue;
using Gateway.Providers.Credentials;
using Gateway.Routing.Health;

namespace Gateway.Routing;

/// <summary>One provider and model a route may send to.</summary>
internal sealed class TargetSnapshot
{
    /// <summary>The provider.</summary>
    public required ProviderSnapshot Provider { get; init; }

    /// <summary>The model's id on the provider's wire.</summary>
    public required string Model { get; init; }

    /// <summary><see cref="Model"/> as a JSON string in UTF-8, quotes included: what is spliced into the request.</summary>
    public required byte[] ModelJson { get; init; }

    /// <summary>What is going on with it; shared with every other use of the same address, and of the same region and keys where the route names them.</summary>
    public required TargetState State { get; init; }

    /// <summary>Its share of the requests of its group, relative to the others': 0 to 1,000,000; with 0 it is used only when the others can't serve.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>How many calls of it may be under way at once, &gt; 0; null: as many as it turns out to bear.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>With so many requests under way it counts as busy for the strategy <c>spillover</c>, ≥ 1; no number by default.</summary>
    public int SpillAbove { get; init; } = int.MaxValue;

    /// <summary>What codecs may know of it.</summary>
    public TargetTraits Traits => field ??= TargetTraitsOf.Target(this);

    /// <summary>What is publicly known of the model, or null.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>The price to charge; the ceiling when the model's own is unknown; null only under <see cref="UnknownPricePolicy.Fail"/>.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>The most that tokens cost at <see cref="Price"/>; null when there is none.</summary>
    public PriceBound? PriceBound => Price is null ? null : field ??= new PriceBound(Price);

    /// <summary>The provider's credentials that serve this model; null when it takes none, and when none serves (<see cref="LacksKey"/>).</summary>
    public KeySetCredential? Credentials => field ??= Provider.Credentials?.For(Model);

    /// <summary>True when the provider wants a credential and has none for this model.</summary>
    public bool LacksKey => Provider.Credentials is not null && Credentials is null;

    /// <summary><c>provider/model</c>.</summary>
    public string Address => field ??= $"{Provider.Id}/{Model}";

    /// <summary>A hash of what tells it from all others, the same in every replica.</summary>
    public ulong AddressHash => field != 0 ? field : field = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(State.Address.AsSpan()));
}
