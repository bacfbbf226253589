using System.Net;
using System.Text;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>What the roles of people and automation reach.</summary>
public sealed class ScopedRoleTests(ProviderFixture provider) : IClassFixture<ProviderFixture>
{
    [NodeFact]
    public async Task TeamAdmin_KeysOfTheirTeam_ChangesThoseAndNoOthers()
    {
        await using var gateway = await provider.StartGatewayAsync();
        foreach (var team in (string[])["search", "other"])
            (await gateway.SendAsync(HttpMethod.Put, $"/admin/keys/{team}-bot", GatewayHost.AdminKey, $$"""{"team":"{{team}}"}""")).EnsureSuccessStatusCode();
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(gateway.BaseUri, "tina")).Dispose();

        Assert.Equal(HttpStatusCode.OK, await PutAsync(browser, gateway, "search-bot", """{"team":"search","name":"Renamed"}"""));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(browser, gateway, "search-new", """{"team":"search"}"""));
        Assert.Contains(await PutAsync(browser, gateway, "other-bot", """{"team":"other","name":"Renamed"}"""), Forbidden);
        Assert.Contains(await PutAsync(browser, gateway, "other-new", """{"team":"other"}"""), Forbidden);
        Assert.Contains(await PutAsync(browser, gateway, "search-bot", """{"team":"other"}"""), Forbidden);
        var seen = await (await browser.GetAsync(gateway.At("/admin/keys"))).Content.ReadAsStringAsync();
        Assert.Contains("search-bot", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("other-bot", seen, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Developer_KeysOfTheirOwn_MakesThoseAndNoOthers()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(gateway.BaseUri, "dora")).Dispose();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(browser, gateway, "dora-laptop", """{"user":"dora"}"""));
        Assert.Contains(await PutAsync(browser, gateway, "team-wide", """{"team":"search"}"""), Forbidden);
    }

    [NodeFact]
    public async Task Auditor_Session_SeesAndChangesNothing()
    {
        await using var gateway = await provider.StartGatewayAsync();
        using var browser = new ScriptedBrowser();
        (await browser.LoginAsync(gateway.BaseUri, "arno")).Dispose();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(gateway.At("/admin/audit"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(browser, gateway, "any", """{"team":"search"}"""));
    }

    [NodeFact]
    public async Task Automation_Token_HasItsRole()
    {
        await using var gateway = await provider.StartGatewayAsync();
        var token = await provider.TokenAsync("automation");
        var me = await (await gateway.SendAsync(HttpMethod.Get, "/admin/me", token)).JsonAsync();
        Assert.Equal($"{provider.Issuer}#automation", me.GetProperty("id").GetString());
        Assert.Equal(["operator"], me.Texts("roles"));
        // No browser sends it by itself, so nothing besides it is asked for.
        Assert.Equal("forbidden", await (await gateway.SendAsync(HttpMethod.Put, "/admin/keys/any", token, """{"team":"search"}""")).CodeAsync(HttpStatusCode.Forbidden));
    }

    [NodeFact]
    public async Task Automation_TokenThatGivesNothing_IsRefused()
    {
        await using var gateway = await provider.StartGatewayAsync();
        Assert.Equal("login_not_permitted", await CodeAsync(await provider.TokenAsync("stranger"), HttpStatusCode.Forbidden));
        Assert.Equal("invalid_token", await CodeAsync(await provider.TokenAsync("automation", "urn:another"), HttpStatusCode.Unauthorized));

        async Task<string?> CodeAsync(string token, HttpStatusCode expected) => await (await gateway.SendAsync(HttpMethod.Get, "/admin/me", token)).CodeAsync(expected);
    }

    [NodeFact]
    public async Task Automation_TokenOfTheProvidersNewKey_IsAcceptedAndThatOfTheOldOneNoMore()
    {
        var time = new ShiftedTime();
        await using var gateway = await provider.StartGatewayAsync(time);
        var old = await provider.TokenAsync("automation");
        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync(HttpMethod.Get, "/admin/me", old)).StatusCode);
        await provider.RotateAsync();
        time.Advance(TimeSpan.FromSeconds(6)); // keys are fetched no more often than that
        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync(HttpMethod.Get, "/admin/me", await provider.TokenAsync("automation"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.SendAsync(HttpMethod.Get, "/admin/me", old)).StatusCode);
    }

    private static HttpStatusCode[] Forbidden => [HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity];

    private static async Task<HttpStatusCode> PutAsync(ScriptedBrowser browser, GatewayHost gateway, string key, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var reply = await browser.SendAsync(HttpMethod.Put, gateway.At("/admin/keys/" + key), content, LoginRig.OwnPage);
        return reply.StatusCode;
    }
}
