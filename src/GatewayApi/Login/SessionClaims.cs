using System.Security.Claims;
using Gateway.Admission.Roles;
using Gateway.Configuration.Login;

namespace GatewayApi.Login;

/// <summary>What of a login goes into the session's cookie: who it is, and the values that the mappings mention. Nothing else, so that cookies stay small.</summary>
internal static class SessionClaims
{
    private const string Issuer = "iss";
    private const string Subject = "sub";
    private const string Name = "name";
    private const string Email = "email";

    // What mappings look at may have the name of one of those above.
    private const string Mapped = "mapped:";

    /// <summary>What the provider said, as read from its token and its user information.</summary>
    public static ClaimedIdentity? Read(ClaimsPrincipal login, LoginConfig config)
    {
        if (login.FindFirst(Subject) is not { Value.Length: > 0 } subject)
            return null;
        var isVouchedFor = string.Equals(login.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase);
        return new ClaimedIdentity(subject.Issuer, subject.Value)
        {
            Name = login.FindFirst(Name)?.Value ?? login.FindFirst("preferred_username")?.Value,
            Email = isVouchedFor ? login.FindFirst(Email)?.Value : null,
            Claims = config.ClaimNames.ToDictionary(
                name => name, name => (IReadOnlyList<string>)[.. login.FindAll(name).Select(c => c.Value).Distinct(StringComparer.Ordinal)], StringComparer.Ordinal),
        };
    }

    /// <summary>The session of an identity.</summary>
    public static ClaimsPrincipal Write(ClaimedIdentity who, ClaimMapping mapping, string scheme)
    {
        var session = new ClaimsIdentity(scheme, Name, roleType: null);
        session.AddClaim(new Claim(Issuer, who.Issuer));
        session.AddClaim(new Claim(Subject, who.Subject));
        if (who.Name is { } name)
            session.AddClaim(new Claim(Name, name));
        if (who.Email is { } email)
            session.AddClaim(new Claim(Email, email));
        foreach (var (claim, values) in who.Claims)
            session.AddClaims(values.Where(v => mapping.Mentions(claim, v)).Select(v => new Claim(Mapped + claim, v)));
        return new ClaimsPrincipal(session);
    }

    /// <summary>The identity of a session; null when it is none of ours.</summary>
    public static ClaimedIdentity? Restore(ClaimsPrincipal session) =>
        session.FindFirst(Issuer)?.Value is not { } issuer || session.FindFirst(Subject)?.Value is not { } subject ? null : new ClaimedIdentity(issuer, subject)
        {
            Name = session.FindFirst(Name)?.Value,
            Email = session.FindFirst(Email)?.Value,
            Claims = session.Claims.Where(c => c.Type.StartsWith(Mapped, StringComparison.Ordinal)).GroupBy(c => c.Type[Mapped.Length..])
                .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(c => c.Value)], StringComparer.Ordinal),
        };
}
