using System.Net;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>People log in at an independent provider, with a scripted browser.</summary>
public sealed class LoginTests(ProviderFixture provider) : IClassFixture<ProviderFixture>
{
    [NodeTheory]
    [InlineData("olga", "owner", "")]
    [InlineData("arno", "auditor", "")]
    [InlineData("tina", "team-admin", "search")]
    [InlineData("dora", "developer", "search")]
    public async Task Login_PersonWithARole_HasItInTheirSession(string user, string role, string team)
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        using var end = await browser.LoginAsync(gateway.BaseUri, user);
        Assert.Equal(HttpStatusCode.Found, end.StatusCode);
        Assert.Equal("/admin/me", end.Headers.Location!.OriginalString);
        var cookie = Assert.Single(end.Headers.GetValues("Set-Cookie"), c => c.StartsWith("gateway-session=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(user, cookie, StringComparison.Ordinal);

        var me = await (await browser.GetAsync(gateway.At("/admin/me"))).JsonAsync();
        Assert.Equal($"{provider.Issuer}#{user}", me.GetProperty("id").GetString());
        Assert.Equal(user, me.GetProperty("name").GetString(), ignoreCase: true);
        Assert.Equal([role], me.Texts("roles"));
        Assert.Equal(team.Length == 0 ? [] : [team], me.Texts("teams"));
        Assert.Equal(user == "dora" ? "dora" : null, me.GetProperty("user").GetString());
    }

    [NodeFact]
    public async Task Login_PersonWithoutARole_IsToldSoAndGetsNoSession()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        var callback = await browser.LoginUntilCallbackAsync(gateway.BaseUri, "nora");
        using var page = await browser.SendAsync(HttpMethod.Get, callback, ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("nothing gives you a role", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("missing_api_key", await (await browser.GetAsync(gateway.At("/admin/me"))).CodeAsync(HttpStatusCode.Unauthorized));
    }

    [NodeFact]
    public async Task Session_OfAnOwner_IsAuditedAndEndsWithLogout()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(gateway.BaseUri, "olga")).Dispose();
        Assert.Contains($"{provider.Issuer}#olga", await (await browser.GetAsync(gateway.At("/admin/audit"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal("cross_site_request", await (await browser.SendAsync(HttpMethod.Post, gateway.At("/admin/logout"))).CodeAsync(HttpStatusCode.Forbidden));
        using var logout = await browser.SendAsync(HttpMethod.Post, gateway.At("/admin/logout"), LoginRig.OwnPage);
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        using var after = await browser.GetAsync(gateway.At("/admin/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [NodeFact]
    public async Task Session_OfOneReplica_CountsAtAnotherUntilItsTimeIsUp()
    {
        var time = new ShiftedTime();
        await using var one = await provider.StartGatewayAsync(time);
        await using var other = await provider.StartGatewayAsync(time);
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(one.BaseUri, "arno")).Dispose();
        Assert.Equal(["auditor"], (await (await browser.GetAsync(other.At("/admin/me"))).JsonAsync()).Texts("roles"));

        time.Advance(TimeSpan.FromHours(8.1));
        Assert.Equal("login_failed", await (await browser.GetAsync(other.At("/admin/me"))).CodeAsync(HttpStatusCode.Unauthorized));
    }

    [NodeFact]
    public async Task Session_ThatWasEdited_IsRefused()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(gateway.BaseUri, "arno")).Dispose();
        var cookie = browser.Cookies.GetCookies(gateway.BaseUri)["gateway-session"]!;
        var middle = cookie.Value.Length / 2;
        cookie.Value = cookie.Value[..middle] + (cookie.Value[middle] == 'A' ? 'B' : 'A') + cookie.Value[(middle + 1)..];
        Assert.Equal("login_failed", await (await browser.GetAsync(gateway.At("/admin/me"))).CodeAsync(HttpStatusCode.Unauthorized));
    }

    [NodeTheory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/admin/")]
    [InlineData("/admin//evil.example")]
    [InlineData("/admin/..//evil.example")]
    [InlineData("/\\evil.example/admin/")]
    [InlineData("/admin/\\evil")]
    [InlineData("/adminevil")]
    [InlineData("/v1/models")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/admin/\nx")]
    public async Task Login_ThatWouldEndElsewhere_IsRefused(string end)
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        using var reply = await browser.GetAsync(gateway.At("/admin/login?return=" + Uri.EscapeDataString(end)));
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Null(reply.Headers.Location);
    }

    [NodeFact]
    public async Task Login_WithAPageToReturnTo_EndsThere()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        using var end = await browser.LoginAsync(gateway.BaseUri, "olga", "?return=/admin/keys%3Fteam=search");
        Assert.Equal("/admin/keys?team=search", end.Headers.Location!.OriginalString);
    }

    [NodeFact]
    public async Task Login_AfterTheProviderHasANewKey_Works()
    {
        var time = new ShiftedTime();
        await using var gateway = await provider.StartGatewayAsync(time);
        using (var browser = new ScriptedBrowser())
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(gateway.BaseUri, "olga")).StatusCode);
        await provider.RotateAsync();
        time.Advance(TimeSpan.FromSeconds(6)); // it is asked no more often than that
        using (var browser = new ScriptedBrowser())
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(gateway.BaseUri, "olga")).StatusCode);
    }

    [Fact]
    public async Task Login_WithoutSettings_IsNotThere()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        using var reply = await gateway.SendAsync(HttpMethod.Get, "/admin/login", "");
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task Login_WhileTheProviderIsAway_SaysSo()
    {
        await using var gateway = await GatewayHost.StartAsync(
            """ "login": { "oidc": { "authority": "http://127.0.0.1:9", "clientId": "x" }, "roles": { "map": { "a": "owner" } } } """);
        Assert.Equal("login_unavailable", await (await gateway.SendAsync(HttpMethod.Get, "/admin/login", "")).CodeAsync(HttpStatusCode.ServiceUnavailable));
    }
}
