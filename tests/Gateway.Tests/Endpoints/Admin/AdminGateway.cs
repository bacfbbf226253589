using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Endpoints.Admin;

/// <summary>A gateway with a declared team, and callers of every role.</summary>
public sealed class AdminGateway : IAsyncLifetime
{
    internal GatewayHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await GatewayHost.StartAsync(""" "teams": { "filed": { "name": "Filed" } } """, principals: [new RoleSource()]);

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="json">The body, or null.</param>
    /// <param name="role">A role's word; null: the admin key; empty: nobody.</param>
    /// <param name="headers">More headers.</param>
    internal async Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null, string? role = null, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Host.BaseUri };
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (role is null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.AdminKey);
        else if (role.Length > 0)
            request.Headers.Add(RoleSource.Header, role);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }

    /// <summary>Sends a request and reads the reply.</summary>
    internal async Task<RawReply> CallAsync(string method, string path, string? json = null, string? role = null, params (string Name, string Value)[] headers) =>
        await RawReply.ReadAsync(await SendAsync(method, path, json, role, headers));
}
