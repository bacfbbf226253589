using Gateway.Metering;

namespace Gateway.Configuration;

/// <summary>What the operator says of one model. Null members are those not written.</summary>
/// <param name="Provider">Provider id.</param>
/// <param name="Model">The model's id on the provider's wire.</param>
internal sealed record ModelConfig(string Provider, string Model)
{
    /// <summary>The price, replacing the catalogue's as a whole.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>chat, completion or embedding.</summary>
    public string? Mode { get; init; }

    /// <summary>Largest input plus output in tokens.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Largest output in tokens.</summary>
    public int? MaxOutput { get; init; }
}
