using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Login;

/// <summary>Checks what the settings under <c>login</c> say together.</summary>
internal static class LoginRules
{
    private const string Path = "$.login";

    /// <summary>Reports every broken rule.</summary>
    public static void Check(LoginConfig? login, ConfigNode root, ProblemList problems)
    {
        if (login is null || problems.Touches(Path)) return;
        var node = root.Find("login")!;
        if (login.Oidc is null && login.Jwt.Count == 0)
        {
            problems.Add(Path, "has no effect without oidc or jwt: nobody is taken at their word; write one of them, or remove this");
            return;
        }

        CheckOidc(login, problems);
        CheckIssuers(login, problems);
        if (login.Roles is null)
        {
            if (login.Oidc is not null) problems.Add($"{Path}.roles", "is missing: without roles nobody who logs in may do anything; write { \"map\": { … } }");
            if (login.Teams is not null) problems.Add($"{Path}.teams", "has no effect without roles; write them, or remove this");
            if (login.Oidc is null && login.DataPlane is null) problems.Add($"{Path}.jwt", "has no effect without roles or dataPlane; write one of them, or remove this");
        }
        else if (login.Roles.Map.Count == 0)
        {
            problems.Add($"{Path}.roles.map", "is empty, so nobody may do anything; write a role for some value");
        }

        if (login.Teams is { Prefix: null, Map.Count: 0 }) problems.Add($"{Path}.teams.map", "is empty and so has no effect; write teams for some value, or remove it");
        if (node.Find("dataPlane") is not null) CheckDataPlane(login, problems);
    }

    /// <summary>Changes that need a restart.</summary>
    public static IEnumerable<string> NeedingRestart(LoginConfig? started, LoginConfig? next)
    {
        if (started?.Oidc is { } oidc ? next?.Oidc is not { } other || oidc.Differs(other) : next?.Oidc is not null) yield return $"{Path}.oidc";
        if (!(started?.Jwt ?? []).SequenceEqual(next?.Jwt ?? [])) yield return $"{Path}.jwt";
        // What is composed at the start depends on whether it is there at all.
        if (started?.DataPlane is null != next?.DataPlane is null) yield return $"{Path}.dataPlane";
    }

    private static void CheckOidc(LoginConfig login, ProblemList problems)
    {
        if (login.Oidc is { } oidc && !oidc.Scopes.Contains("openid"))
            problems.Add($"{Path}.oidc.scopes", "must have \"openid\" among them: without it the provider does not say who logged in");
    }

    private static void CheckIssuers(LoginConfig login, ProblemList problems)
    {
        for (var i = 0; i < login.Jwt.Count; i++)
        {
            var (issuer, path) = (login.Jwt[i], JsonPath.Item($"{Path}.jwt", i));
            var earlier = login.Jwt.Take(i).Where(j => j.Issuer == issuer.Issuer).ToList();
            if (earlier.Exists(j => j.Audience == issuer.Audience)) problems.Add(path, "repeats issuer and audience of an earlier item; remove one");
            else if (earlier.Exists(j => j.JwksUri != issuer.JwksUri)) problems.Add(path, "has another jwksUri than an earlier item of the same issuer; an issuer has one set of keys");
        }
    }

    private static void CheckDataPlane(LoginConfig login, ProblemList problems)
    {
        if (login.DataPlane is not { } plane) problems.Add($"{Path}.dataPlane", "has no effect while jwt is false; set it to true, or remove this");
        else if (login.Jwt.Count == 0) problems.Add($"{Path}.dataPlane", "has no effect without jwt: no issuer's tokens are accepted; write the issuers, or remove this");
        else if (plane is { Prefix: null, Map.Count: 0 }) problems.Add($"{Path}.dataPlane.map", "is empty, so no token passes; write a team for some value");
    }
}
