using System.Net;
using OpenAI.Models;

namespace Gateway.Tests.Simulator;

/// <summary>The list of models.</summary>
public sealed class SimulatorModelsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task List_Always_NamesEveryModelAndFault()
    {
        OpenAIModelCollection models = await simulator.OpenAi.GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(
            [
                "chat", "echo", "reasoner", "json", "tools", "embed", "fault-429", "fault-500-once", "fault-503", "fault-reset", "fault-silence",
                "fault-slow-first-token", "fault-cut", "fault-stall", "fault-malformed", "fault-no-done", "fault-context-length", "fault-content-filter",
            ],
            models.Select(model => model.Id));
        Assert.All(models, model => Assert.Equal("simulator", model.OwnedBy));
    }

    [Fact]
    public async Task Get_KnownModel_IsThatModel()
    {
        OpenAIModel model = await simulator.OpenAi.GetOpenAIModelClient().GetModelAsync("echo");

        Assert.Equal("echo", model.Id);
    }

    [Fact]
    public async Task Get_UnknownModel_Is404()
    {
        using var response = await simulator.Http.GetAsync(simulator.BaseUri + "/models/none");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
