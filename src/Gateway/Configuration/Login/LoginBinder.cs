using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Secrets;

namespace Gateway.Configuration.Login;

/// <summary>Turns <c>login</c> into records, as <see cref="ConfigBinder"/> does the rest.</summary>
internal static class LoginBinder
{
    private const string DefaultClaim = "groups";

    /// <summary>Binds the section; null when it is not written.</summary>
    public static LoginConfig? Bind(ConfigNode? node) => Section(node) is not { } login ? null : new LoginConfig
    {
        Oidc = Section(login.Find("oidc")) is { } oidc ? Oidc(oidc) : null,
        Jwt = [.. (login.Find("jwt")?.Items ?? []).Select(Jwt)],
        Roles = Section(login.Find("roles")) is { } roles ? Roles(roles) : null,
        Teams = Section(login.Find("teams")) is { } teams ? Teams(teams, "claim") : null,
        DataPlane = Section(login.Find("dataPlane")) is { } plane && plane.Find("jwt") is { Kind: JsonValueKind.True } ? Teams(plane, "teamClaim") : null,
    };

    private static OidcConfig Oidc(ConfigNode node)
    {
        List<string> scopes = [.. (node.Find("scopes")?.Items ?? []).Select(Text).OfType<string>()];
        return new OidcConfig
        {
            Authority = Text(node.Find("authority")) ?? "",
            ClientId = Text(node.Find("clientId")) ?? "",
            ClientSecret = Text(node.Find("clientSecret")) is { } text ? SecretReference.Parse(text) : null,
            Scopes = scopes.Count > 0 ? scopes : OidcConfig.DefaultScopes,
            RedirectPath = Text(node.Find("redirectPath")) ?? OidcConfig.DefaultRedirectPath,
            PublicUrl = Text(node.Find("publicUrl")),
        };
    }

    private static JwtIssuerConfig Jwt(ConfigNode node) =>
        new(Text(node.Find("issuer")) ?? "", Text(node.Find("audience")) ?? "") { JwksUri = Text(node.Find("jwksUri")) };

    private static RoleClaims Roles(ConfigNode node)
    {
        var map = new Dictionary<string, Role>(StringComparer.Ordinal);
        foreach (var (value, role) in node.Find("map")?.Members ?? [])
        {
            if (Text(role) is { } word && LoginTextRules.ParseRole(word) is { } parsed) map[value] = parsed;
        }

        return new RoleClaims(Text(node.Find("claim")) ?? DefaultClaim, map);
    }

    private static TeamClaims Teams(ConfigNode node, string claim) => new(Text(node.Find(claim)) ?? DefaultClaim)
    {
        Map = [.. (node.Find("map")?.Members ?? []).Select(m => KeyValuePair.Create(m.Key, TeamIds(m.Value)))],
        Prefix = Text(node.Find("prefix")),
    };

    private static IReadOnlyList<string> TeamIds(ConfigNode node) =>
        Text(node) is { } one ? [one] : [.. node.Items.Select(Text).OfType<string>()];

    private static ConfigNode? Section(ConfigNode? node) => node is { Kind: JsonValueKind.Object } ? node : null;

    private static string? Text(ConfigNode? node) => node is { Kind: JsonValueKind.String } ? node.Text : null;
}
