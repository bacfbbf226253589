using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>An OpenID provider that others wrote, npm's <c>oidc-provider</c>, in a process of its own.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    /// <summary>The audience of tokens for the gateway.</summary>
    public const string Audience = "urn:gateway";

    private HttpClient Http { get; } = new();
    private NodeScript? _node;

    /// <summary>Its issuer.</summary>
    internal string Issuer { get; private set; } = "";

    /// <summary>Everything about login in gateway.json, and teams for it.</summary>
    internal string Settings => $$"""
        "login": {
          "oidc": { "authority": "{{Issuer}}", "clientId": "gateway", "clientSecret": "env:CLIENT_SECRET", "scopes": ["openid", "profile", "email", "groups"] },
          "jwt": [{ "issuer": "{{Issuer}}", "audience": "{{Audience}}" }],
          "roles": { "map": { "gateway-owners": "owner", "gateway-auditors": "auditor", "gateway-operators": "operator", "gateway-team-admins": "team-admin", "gateway-developers": "developer" } },
          "teams": { "prefix": "team-" },
          "dataPlane": { "jwt": true, "map": { "team-search": "search" } }
        },
        "teams": { "search": { "models": ["*"], "rateLimits": [{ "name": "rph", "unit": "requests", "amount": 2, "window": "1h" }] }, "other": { "models": ["*"] } },
        "users": { "dora": { "team": "search", "login": "dora" } }
        """;

    public async Task InitializeAsync()
    {
        if (new NodeFactAttribute().Skip is not null)
            return;
        _node = NodeScript.Start(["oidc-provider.mjs"]);
        Issuer = await _node.ReadLineAsync();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_node is not null)
            await _node.DisposeAsync();
    }

    /// <summary>Replaces its signing key.</summary>
    internal async Task RotateAsync()
    {
        await _node!.WriteLineAsync("rotate");
        Assert.Equal("rotated", await _node.ReadLineAsync());
    }

    /// <summary>A token for an application, by client credentials.</summary>
    internal async Task<string> TokenAsync(string application, string audience = Audience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Issuer + "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["resource"] = audience }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{application}:{application}-secret")));
        using var response = await Http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>A gateway that trusts it.</summary>
    internal Task<GatewayHost> StartGatewayAsync(TimeProvider? time = null) =>
        GatewayHost.StartAsync(Settings, time, environment: [("CLIENT_SECRET", "gateway-client-secret"), ("GATEWAY_KEY_HASHING_SECRET", "shared by replicas")]);
}
