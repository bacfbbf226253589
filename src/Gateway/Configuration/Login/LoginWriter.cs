using System.Text.Json;
using Gateway.Admission.Roles;

namespace Gateway.Configuration.Login;

/// <summary>Writes what <c>login</c> amounts to, defaults filled in; where the secret is kept, never the secret.</summary>
internal static class LoginWriter
{
    /// <summary>Writes the member; nothing when there is no login.</summary>
    public static void Write(Utf8JsonWriter json, LoginConfig? login)
    {
        if (login is null) return;
        json.WriteStartObject("login");
        if (login.Oidc is { } oidc) WriteOidc(json, oidc);
        if (login.Jwt.Count > 0)
        {
            json.WriteStartArray("jwt");
            foreach (var issuer in login.Jwt)
            {
                json.WriteStartObject();
                json.WriteString("issuer", issuer.Issuer);
                json.WriteString("audience", issuer.Audience);
                if (issuer.JwksUri is { } keys) json.WriteString("jwksUri", keys);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (login.Roles is { } roles)
        {
            json.WriteStartObject("roles");
            json.WriteString("claim", roles.Claim);
            json.WriteStartObject("map");
            foreach (var (value, role) in roles.Map) json.WriteString(value, LoginTextRules.NameOf(role));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (login.Teams is { } teams) WriteTeams(json, "teams", "claim", teams);
        if (login.DataPlane is { } plane) WriteTeams(json, "dataPlane", "teamClaim", plane);
        json.WriteEndObject();
    }

    private static void WriteOidc(Utf8JsonWriter json, OidcConfig oidc)
    {
        json.WriteStartObject("oidc");
        json.WriteString("authority", oidc.Authority);
        json.WriteString("clientId", oidc.ClientId);
        if (oidc.ClientSecret is { } secret) json.WriteString("clientSecret", $"{secret} (set)");
        json.WriteStartArray("scopes");
        foreach (var scope in oidc.Scopes) json.WriteStringValue(scope);
        json.WriteEndArray();
        json.WriteString("redirectPath", oidc.RedirectPath);
        if (oidc.PublicUrl is { } url) json.WriteString("publicUrl", url);
        json.WriteEndObject();
    }

    private static void WriteTeams(Utf8JsonWriter json, string section, string claim, TeamClaims teams)
    {
        json.WriteStartObject(section);
        json.WriteString(claim, teams.Claim);
        if (teams.Prefix is { } prefix)
        {
            json.WriteString("prefix", prefix);
        }
        else
        {
            json.WriteStartObject("map");
            foreach (var (value, ids) in teams.Map)
            {
                json.WriteStartArray(value);
                foreach (var id in ids) json.WriteStringValue(id);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
