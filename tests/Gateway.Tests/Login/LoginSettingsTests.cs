using System.Text;
using Gateway.Admission.Roles;
using Gateway.Configuration;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Login;

public class LoginSettingsTests
{
    private const string Oidc = """ "oidc": { "authority": "https://id.example.com", "clientId": "gateway" } """;
    private const string Jwt = """ "jwt": [{ "issuer": "https://id.example.com", "audience": "api" }] """;
    private const string Roles = """ "roles": { "map": { "admins": "admin" } } """;

    [Theory]
    [InlineData("", "$.login")]
    [InlineData(Roles, "$.login")]
    [InlineData(Oidc, "$.login.roles")]
    [InlineData(Jwt, "$.login.jwt")]
    [InlineData(Oidc + """, "roles": { "map": {} } """, "$.login.roles.map")]
    [InlineData(Oidc + """, "roles": { "map": { "a": "king" } } """, "$.login.roles.map.a")]
    [InlineData(Oidc + "," + Roles + """, "secret": "x" """, "$.login.secret")]
    [InlineData(Oidc + "," + Roles + """, "teams": { "claim": "groups" } """, "$.login.teams")]
    [InlineData(Oidc + "," + Roles + """, "teams": { "prefix": "a", "map": {} } """, "$.login.teams")]
    [InlineData(Oidc + "," + Roles + """, "teams": { "map": {} } """, "$.login.teams.map")]
    [InlineData(Oidc + "," + Roles + """, "dataPlane": { "jwt": true, "prefix": "team-" } """, "$.login.dataPlane")]
    [InlineData(Jwt + "," + Roles + """, "dataPlane": { "jwt": false, "prefix": "team-" } """, "$.login.dataPlane")]
    [InlineData(Jwt + """, "dataPlane": { "jwt": true, "map": {} } """, "$.login.dataPlane.map")]
    [InlineData(Jwt + """, "dataPlane": { "jwt": true, "prefix": "x" }, "teams": { "prefix": "x" } """, "$.login.teams")]
    [InlineData(""" "oidc": { "authority": "http://id.example.com", "clientId": "x" } """, "$.login.oidc.authority")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com" } """, "$.login.oidc.clientId")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com", "clientId": "x", "clientSecret": "hunter2" } """, "$.login.oidc.clientSecret")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com", "clientId": "x", "redirectPath": "/callback" } """, "$.login.oidc.redirectPath")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com", "clientId": "x", "redirectPath": "/admin/login/../keys" } """, "$.login.oidc.redirectPath")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com", "clientId": "x", "publicUrl": "https://g.example.com/x" } """, "$.login.oidc.publicUrl")]
    [InlineData(""" "oidc": { "authority": "https://id.example.com", "clientId": "x", "scopes": ["email"] }, """ + Roles, "$.login.oidc.scopes")]
    [InlineData(""" "jwt": [{ "issuer": "https://id.example.com" }] """, "$.login.jwt[0].audience")]
    [InlineData(""" "jwt": [{ "issuer": "https://a.example", "audience": "x" }, { "issuer": "https://a.example", "audience": "x" }], """ + Roles, "$.login.jwt[1]")]
    [InlineData(""" "jwt": [{ "issuer": "https://a.example", "audience": "x" }, { "issuer": "https://a.example", "audience": "y", "jwksUri": "https://b.example" }], """ + Roles, "$.login.jwt[1]")]
    public void Load_Contradiction_IsReportedAtItsPath(string login, string path) =>
        Assert.Equal(path, Assert.Single(ConfigurationLoader.Load(Encoding.UTF8.GetBytes($$"""{ "login": { {{login}} } }"""), new Dictionary<string, string>()).Problems).Path);

    [Fact]
    public void Build_SecretThatIsNotThere_IsReported()
    {
        const string Json = """{ "login": { "oidc": { "authority": "https://id.example.com", "clientId": "x", "clientSecret": "env:CLIENT" }, "roles": { "map": { "a": "owner" } } } }""";
        Assert.Equal("$.login.oidc.clientSecret", Configured.Problem(Json).Path);
        Assert.Equal("s3", Configured.Snapshot(Json, ("CLIENT", "s3")).Login!.ClientSecret!.Reveal());
    }

    [Fact]
    public void Build_Everything_IsReadAndWrittenBack()
    {
        const string Json = """
            { "login": {
              "oidc": { "authority": "https://id.example.com", "clientId": "gateway", "publicUrl": "https://gateway.example.com" },
              "jwt": [{ "issuer": "https://id.example.com", "audience": "api" }],
              "roles": { "claim": "roles", "map": { "a": "team-admin", "b": "owner" } },
              "teams": { "map": { "t": ["one", "two"] } },
              "dataPlane": { "jwt": true, "teamClaim": "team", "prefix": "team-" } } }
            """;
        var build = Configured.Build(Json);
        Assert.Empty(build.Problems);
        var login = build.Config!.Login!;
        Assert.Equal(["openid", "profile", "email"], login.Oidc!.Scopes);
        Assert.Equal(Role.TeamAdmin, login.Roles!.Map["a"]);
        Assert.Equal(["one", "two"], login.Teams!.Map[0].Value);
        Assert.Equal(new HashSet<string> { "roles", "groups", "team" }, login.ClaimNames);
        Assert.Contains("\"team-admin\"", Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config, build.Providers)), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhatIsComposedAtTheStart_NeedsARestart()
    {
        var (none, one) = (Config(""), Config($$""" "login": { {{Oidc}}, {{Roles}} } """));
        Assert.Empty(RestartRules.Check(one, Config($$""" "login": { {{Oidc}}, "roles": { "map": { "other": "owner" } } } """)));
        Assert.Equal(["$.login.oidc"], RestartRules.Check(none, one).Select(p => p.Path));
        Assert.Equal(["$.login.oidc"], RestartRules.Check(one, none).Select(p => p.Path));
        Assert.Equal(["$.login.oidc", "$.login.jwt"], RestartRules.Check(one, Config($$""" "login": { {{Jwt}}, {{Roles}} } """)).Select(p => p.Path));

        static GatewayConfig Config(string settings) => Configured.Build("{" + settings + "}").Config!;
    }
}
