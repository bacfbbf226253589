using Gateway.Admission.Roles;

namespace Gateway.Admission.Tokens;

/// <summary>What became of a token.</summary>
/// <param name="Who">Whom it speaks of; null when it is refused.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Fault">Why it is refused, safe to show: what follows "The token …"; null when it is not.</param>
internal readonly record struct TokenVerdict(ClaimedIdentity? Who, DateTimeOffset Expires, string? Fault)
{
    /// <summary>A token that is refused.</summary>
    public static TokenVerdict Refused(string fault) => new(null, default, fault);
}
