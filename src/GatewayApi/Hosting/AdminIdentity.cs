using Gateway.Admission.Roles;
using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>What a source found out about a caller.</summary>
/// <param name="Principal">Who it is; null when refused.</param>
/// <param name="Refusal">Why what was presented is not accepted, such as an expired token; null when it is.</param>
internal sealed record AdminIdentity(Principal? Principal, GatewayError? Refusal)
{
    /// <summary>Whether a browser may have sent the proof by itself, as it does with cookies: then changes must come from the gateway's own pages.</summary>
    public bool IsAmbient { get; init; }

    /// <summary>Someone known.</summary>
    public static AdminIdentity Known(Principal principal, bool isAmbient = false) => new(principal, null) { IsAmbient = isAmbient };

    /// <summary>Something presented that is not accepted.</summary>
    public static AdminIdentity Refused(GatewayError why) => new(null, why);
}
