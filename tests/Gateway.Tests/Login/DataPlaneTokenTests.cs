using System.Net;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>Applications call models with a token of their own instead of a virtual key.</summary>
public sealed class DataPlaneTokenTests(ProviderFixture provider) : IClassFixture<ProviderFixture>
{
    [NodeFact]
    public async Task Token_OfATeam_CallsModelsWithinTheTeamsLimits()
    {
        await using var gateway = await provider.StartGatewayAsync();
        var token = await provider.TokenAsync("indexer");
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync(token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync(await provider.TokenAsync("indexer"))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await gateway.AskAsync(token)).StatusCode);

        var entries = await gateway.LedgerAsync("?team=search&outcome=completed");
        Assert.Equal(2, entries.Length);
        Assert.Single(entries.Select(e => e.GetProperty("key_id").GetString()).Distinct(), id => id!.StartsWith("jwt:", StringComparison.Ordinal));
        // Virtual keys go on as before.
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync(GatewayHost.Key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync(HttpMethod.Get, "/v1/models", token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync(HttpMethod.Get, "/v1/usage", token)).StatusCode);
    }

    [NodeFact]
    public async Task Token_ThatNamesNoTeamOrIsNotForUs_IsRefused()
    {
        var time = new ShiftedTime();
        await using var gateway = await provider.StartGatewayAsync(time);
        Assert.Contains("token_not_mapped", await RefusedAsync(gateway, await provider.TokenAsync("automation"), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Contains("another audience", await RefusedAsync(gateway, await provider.TokenAsync("indexer", "urn:another"), HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        var token = await provider.TokenAsync("indexer");
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync(token)).StatusCode);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains("has expired", await RefusedAsync(gateway, token, HttpStatusCode.Unauthorized), StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(GatewayHost gateway, string token, HttpStatusCode expected)
    {
        using var reply = await gateway.AskAsync(token);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == expected, $"{reply.StatusCode}: {text}");
        return text;
    }
}
