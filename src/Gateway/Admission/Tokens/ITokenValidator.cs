namespace Gateway.Admission.Tokens;

/// <summary>Checks tokens of the issuers that are configured: signature, issuer, audience and lifetime.</summary>
internal interface ITokenValidator
{
    /// <summary>Checks a token. The issuer's keys may have to be fetched first.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellation);
}
