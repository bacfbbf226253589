using Gateway.Configuration.Entities;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Login;

/// <summary>The settings under <c>login</c>.</summary>
internal static class LoginSettings
{
    private const int MostIssuers = 16;
    private const int MostValues = 1_000;

    private static readonly TextShape Word = new(LoginTextRules.Word);

    /// <summary>The section.</summary>
    public static ObjectShape Section() => new(
        new Setting("oidc", Oidc(), "Where people log in: an OpenID provider, by authorization code with PKCE. Changes need a restart."),
        new Setting("jwt", new ListShape(Jwt(), 1) { MaxItems = MostIssuers }, "Issuers whose tokens are accepted as \"Authorization: Bearer\". Changes need a restart."),
        new Setting("roles", Roles(), "What the claims of people and automation let them do in the admin API. Without a role there is no access."),
        new Setting("teams", Teams(new ListShape(new TextShape(EntityTextRules.Id), 1)), "The teams that team admins administer. Default: the team of the user whose login it is."),
        new Setting("dataPlane", DataPlane(), "Tokens of the issuers under jwt instead of virtual keys, for calling models."));

    private static ObjectShape Oidc() => new(
        new Setting("authority", new TextShape(LoginTextRules.Issuer), "The provider's issuer.") { Required = true },
        new Setting("clientId", Word, "The gateway's id there.") { Required = true },
        new Setting("clientSecret", new TextShape(TextRules.SecretReference), "Where the gateway's secret is kept. Without it the gateway is a public client."),
        new Setting("scopes", new ListShape(new TextShape(LoginTextRules.Scope), 1), $"What to ask for; \"openid\" must be among them. Default: {string.Join(", ", OidcConfig.DefaultScopes)}."),
        new Setting("redirectPath", new TextShape(LoginTextRules.RedirectPath), $"Where the gateway takes up the code; register it at the provider. Default: {OidcConfig.DefaultRedirectPath}."),
        new Setting("publicUrl", new TextShape(LoginTextRules.PublicUrl), "Where browsers reach the gateway, such as \"https://gateway.example.com\". Needed behind a proxy that ends TLS. Default: as each request says."));

    private static ObjectShape Jwt() => new(
        new Setting("issuer", new TextShape(LoginTextRules.Issuer), "The issuer, exactly as tokens have it in iss.") { Required = true },
        new Setting("audience", Word, "What tokens must have in aud.") { Required = true },
        new Setting("jwksUri", new TextShape(LoginTextRules.Issuer), "Where the issuer's keys are. Default: where its discovery document says, if that is on the issuer's own host."));

    private static ObjectShape Roles() => new(
        new Setting("claim", Word, "The claim that is looked at. Default: groups."),
        new Setting("map", new MapShape(LoginTextRules.Word, new TextShape(LoginTextRules.Role)) { MaxMembers = MostValues }, "Role by value of the claim.") { Required = true });

    private static ObjectShape Teams(SettingShape team) => new(
        new Setting("claim", Word, "The claim that is looked at. Default: groups."),
        new Setting("map", new MapShape(LoginTextRules.Word, team) { MaxMembers = MostValues }, "Ids of teams by value of the claim."),
        new Setting("prefix", Word, "What values begin with before the id of a team: with \"team-\", team-search stands for search."))
    {
        ExactlyOneOf = ["map", "prefix"],
    };

    private static ObjectShape DataPlane() => new(
        new Setting("jwt", new FlagShape(), "Whether tokens are accepted instead of virtual keys.") { Required = true },
        new Setting("teamClaim", Word, "The claim that names the team. Default: groups."),
        new Setting("map", new MapShape(LoginTextRules.Word, new TextShape(EntityTextRules.Id)) { MaxMembers = MostValues }, "Id of a team by value of the claim; of several the first written counts."),
        new Setting("prefix", Word, "What values begin with before the id of a team, as under teams."))
    {
        ExactlyOneOf = ["map", "prefix"],
    };
}
