using System.Text;
using Gateway.Audit;
using Gateway.State.Journal;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Admission;

public class DenialStageTests
{
    [Fact]
    public async Task Requests_Denied_AreInTheAuditLogByClass()
    {
        const string Keys = """ "simulator": { "enabled": true }, "keys": [ { "id": "narrow", "value": "env:NARROW", "models": ["none/*"] } ] """;
        await using var gateway = await GatewayHost.StartAsync(Keys, environment: [("NARROW", "gw-narrow-key")]);
        foreach (var key in (string[])["gw-wrong", "gw-wrong", "gw-narrow-key"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
            request.Headers.Authorization = new("Bearer", key);
            request.Content = new StringContent("""{"model":"simulator/chat","messages":[]}""", Encoding.UTF8, "application/json");
            using var response = await gateway.Client.SendAsync(request);
            Assert.True((int)response.StatusCode is 401 or 404);
        }

        await ((IAsyncDisposable)gateway.Get<IAuditLog>()).DisposeAsync();
        var records = await gateway.Get<StateJournal>().ReadAsync(0, 100);

        Assert.Equal(
            [
                """{"actor":"narrow","subject":"chat","outcome":"model_not_found","detail":{"count":1}}""",
                """{"actor":"unknown","subject":"chat","outcome":"invalid_api_key","detail":{"count":2}}""",
            ],
            records.Where(r => r.Kind == "denied").Select(r => Encoding.UTF8.GetString(r.Body.Span)).Order(StringComparer.Ordinal));
    }
}
