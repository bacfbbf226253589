using Anthropic.Exceptions;

namespace Gateway.Tests.Surfaces;

/// <summary>The official Anthropic client's list of models.</summary>
public sealed class AnthropicSdkModelTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    [Fact]
    public async Task List_EveryPage_HasEveryModelOnce()
    {
        var client = AnthropicSdk.Client(gateway.Host);
        var seen = new List<string>();

        for (var page = await client.Models.List(new() { Limit = 3 }, default); ; page = await page.Next(default))
        {
            Assert.InRange(page.Items.Count, 1, 3);
            foreach (var model in page.Items)
            {
                Assert.NotEmpty(model.DisplayName);
                seen.Add(model.ID);
            }

            if (!page.HasNext())
                break;
        }

        Assert.Contains("simulator/echo", seen);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(seen, (await client.Models.List(new() { Limit = 1000 }, default)).Items.Select(model => model.ID));
    }

    [Fact]
    public async Task Retrieve_Model_HasItsLimits()
    {
        var model = await AnthropicSdk.Client(gateway.Host).Models.Retrieve("simulator/echo", null, default);

        Assert.Equal("simulator/echo", model.ID);
        Assert.Equal(1970, model.CreatedAt.Year);
    }

    [Fact]
    public async Task Retrieve_UnknownModel_IsNotFound() =>
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => AnthropicSdk.Client(gateway.Host).Models.Retrieve("nobody/none", null, default));
}
