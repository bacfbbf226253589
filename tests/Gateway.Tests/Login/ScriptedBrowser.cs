using System.Net;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Login;

/// <summary>A browser without a person: it keeps cookies, follows redirects by hand and fills in the provider's forms.</summary>
internal sealed partial class ScriptedBrowser : IDisposable
{
    private const int MostSteps = 20;

    private readonly HttpClient _http;

    public ScriptedBrowser() =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Every cookie. They know no ports: those of gateway and provider lie side by side, as in any browser.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Sends one request; follows nothing.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, params (string Name, string Value)[] headers) =>
        SendAsync(method, address, null, headers);

    /// <summary>Sends one request with a body; follows nothing.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return _http.SendAsync(request);
    }

    /// <summary>Gets a page; follows nothing.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri address) => SendAsync(HttpMethod.Get, address);

    /// <summary>Begins a login at the gateway and goes through the provider's pages, up to the address at which the gateway would take up the code.</summary>
    public async Task<Uri> LoginUntilCallbackAsync(Uri gateway, string user, string query = "")
    {
        var address = new Uri(gateway, "/admin/login" + query);
        for (var step = 0; step < MostSteps; step++)
        {
            if (address.AbsolutePath == "/admin/login/callback")
                return address;
            var response = await GetAsync(address);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var page = await response.Content.ReadAsStringAsync();
                using var form = new FormUrlEncodedContent(page.Contains("name=\"login\"", StringComparison.Ordinal)
                    ? new Dictionary<string, string> { ["prompt"] = "login", ["login"] = user, ["password"] = "any" }
                    : new Dictionary<string, string> { ["prompt"] = "consent" });
                response.Dispose();
                response = await _http.PostAsync(new Uri(address, Action().Match(page).Groups[1].Value), form);
            }

            Assert.True((int)response.StatusCode is >= 300 and < 400, $"{address} answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            address = new Uri(address, response.Headers.Location!);
            response.Dispose();
        }

        throw new InvalidOperationException($"The login led nowhere; last to {address}.");
    }

    /// <summary>Logs in; the reply to the code.</summary>
    public async Task<HttpResponseMessage> LoginAsync(Uri gateway, string user, string query = "") =>
        await GetAsync(await LoginUntilCallbackAsync(gateway, user, query));

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex Action();
}
