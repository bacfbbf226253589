namespace Gateway.Configuration.Login;

/// <summary>An issuer whose tokens are accepted.</summary>
/// <param name="Issuer">As tokens have it in <c>iss</c>.</param>
/// <param name="Audience">What tokens must have in <c>aud</c>.</param>
internal sealed record JwtIssuerConfig(string Issuer, string Audience)
{
    /// <summary>Where its keys are; null: where its discovery document says, on the same host.</summary>
    public string? JwksUri { get; init; }
}
