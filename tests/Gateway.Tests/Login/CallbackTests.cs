using System.Net;
using System.Web;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>What arrives at the callback and was not brought about by this very browser at this very gateway gives no session.</summary>
public sealed class CallbackTests(ProviderFixture provider) : IClassFixture<ProviderFixture>, IAsyncLifetime
{
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync() => _gateway = new NodeFactAttribute().Skip is null ? await provider.StartGatewayAsync() : null!;

    public async Task DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
    }

    [NodeFact]
    public async Task Callback_WithAnotherState_IsRefused()
    {
        using var browser = new ScriptedBrowser();
        await AssertRefusedAsync(browser, With(await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga"), "state", "forged"));
    }

    [NodeFact]
    public async Task Callback_InAnotherBrowser_IsRefused()
    {
        using var browser = new ScriptedBrowser();
        using var other = new ScriptedBrowser();
        await AssertRefusedAsync(other, await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga"));
    }

    [NodeFact]
    public async Task Callback_WithoutTheNonce_IsRefused()
    {
        using var browser = new ScriptedBrowser();
        var callback = await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga");
        var nonces = browser.Cookies.GetCookies(callback).Where(c => c.Name.Contains("Nonce", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(nonces);
        nonces.ForEach(c => c.Expired = true);
        await AssertRefusedAsync(browser, callback);
    }

    [NodeFact]
    public async Task Callback_WithACodeOfAnotherLogin_FailsOnItsVerifier()
    {
        using var browser = new ScriptedBrowser();
        using var thief = new ScriptedBrowser();
        var stolen = HttpUtility.ParseQueryString((await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga")).Query)["code"]!;
        await AssertRefusedAsync(thief, With(await thief.LoginUntilCallbackAsync(_gateway.BaseUri, "nora"), "code", stolen));
    }

    [NodeFact]
    public async Task Callback_Twice_GivesOneSession()
    {
        using var browser = new ScriptedBrowser();
        var callback = await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga");
        using var first = await browser.GetAsync(callback);
        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        using var second = await browser.GetAsync(callback);
        Assert.Equal("login_failed", await second.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [NodeFact]
    public async Task Callback_OfARefusalAtTheProvider_IsTold()
    {
        using var browser = new ScriptedBrowser();
        var callback = await browser.LoginUntilCallbackAsync(_gateway.BaseUri, "olga");
        var state = HttpUtility.ParseQueryString(callback.Query)["state"];
        await AssertRefusedAsync(browser, new Uri(callback, $"/admin/login/callback?error=access_denied&error_description=%3Cscript%3E&state={Uri.EscapeDataString(state!)}"));
    }

    private async Task AssertRefusedAsync(ScriptedBrowser browser, Uri callback)
    {
        using var reply = await browser.SendAsync(HttpMethod.Get, callback);
        Assert.Equal("login_failed", await reply.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("missing_api_key", await (await browser.GetAsync(_gateway.At("/admin/me"))).CodeAsync(HttpStatusCode.Unauthorized));
    }

    private static Uri With(Uri address, string name, string value)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        query[name] = value;
        return new UriBuilder(address) { Query = query.ToString() }.Uri;
    }
}
