namespace Gateway.Metering;

/// <summary>A price for long requests.</summary>
/// <param name="AboveInputTokens">Applies when the input has more tokens than this.</param>
/// <param name="Price">The price that then replaces the base price; its own tiers are ignored.</param>
internal sealed record PriceTier(long AboveInputTokens, ModelPrice Price);
