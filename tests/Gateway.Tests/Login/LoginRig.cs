using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>What tests of login send and read.</summary>
internal static class LoginRig
{
    /// <summary>Says that a change comes from a page of the gateway's own.</summary>
    public static readonly (string, string) OwnPage = ("x-gateway-csrf", "1");

    /// <summary>An address of a gateway.</summary>
    public static Uri At(this GatewayHost gateway, string path) => new(gateway.BaseUri, path);

    /// <summary>A request with a bearer token, or without when it is empty.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this GatewayHost gateway, HttpMethod method, string path, string token, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await gateway.Client.SendAsync(request);
    }

    /// <summary>Asks a model with a key or token.</summary>
    public static Task<HttpResponseMessage> AskAsync(this GatewayHost gateway, string token) =>
        gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", token, """{"model":"simulator/chat","messages":[{"role":"user","content":"hi"}],"max_tokens":5}""");

    /// <summary>The JSON of a reply that must have a status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>The strings of a member.</summary>
    public static string[] Texts(this JsonElement json, string member) => [.. json.GetProperty(member).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The code of a refusal.</summary>
    public static async Task<string?> CodeAsync(this HttpResponseMessage response, HttpStatusCode expected) => (await response.JsonAsync(expected)).GetProperty("code").GetString();
}
