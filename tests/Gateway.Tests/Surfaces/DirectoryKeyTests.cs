using System.Net;
using System.Net.Http.Headers;
using Gateway.Admission.Directory;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

public class DirectoryKeyTests
{
    [Fact]
    public async Task Key_MadeWhileTheGatewayRuns_WorksAtOnceAndUntilItIsDisabled()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        var keys = gateway.Get<KeyOperations>();
        var made = await keys.CreateAsync(new KeyEntity { Id = "made", Models = ["*"] }, "test");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, made.Value!));
        await keys.SetDisabledAsync("made", true, "test");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, made.Value!));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "", HttpStatusCode.OK)]
    [InlineData("192.0.2.0/24", "", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.0/24", """ "trustedProxies": ["127.0.0.1"] """, HttpStatusCode.OK)]
    public async Task Key_BoundToANetwork_IsJudgedByWhoCalls(string network, string server, HttpStatusCode expected)
    {
        await using var gateway = await GatewayHost.StartAsync("", server: server);
        var made = await gateway.Get<KeyOperations>().CreateAsync(new KeyEntity { Id = "made", Models = ["*"], AllowedNetworks = [network] }, "test");
        Assert.Equal(expected, await AskAsync(gateway, made.Value!));
    }

    [Fact]
    public async Task Edit_TakingAwayATeamThatKeysBelongTo_IsRefused()
    {
        const string Team = """ "teams": { "search": { "models": ["*"] } } """;
        await using var gateway = await GatewayHost.StartWithSimulatorAsync(Team);
        var made = await gateway.Get<KeyOperations>().CreateAsync(new KeyEntity { Id = "made", Team = "search" }, "test");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, made.Value!));

        await gateway.WriteConfigurationAsync("");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string ready;
        do
        {
            ready = await gateway.Client.GetStringAsync("/health/ready", limit.Token);
        }
        while (!ready.Contains("which no file declares any more", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, made.Value!));
    }

    private static async Task<HttpStatusCode> AskAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        using var response = await gateway.Client.SendAsync(request);
        return response.StatusCode;
    }
}
