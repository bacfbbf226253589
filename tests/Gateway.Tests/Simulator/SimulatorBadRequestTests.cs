using System.ClientModel;
using System.Net;
using OpenAI.Chat;

namespace Gateway.Tests.Simulator;

/// <summary>What the simulator refuses, in OpenAI's shape.</summary>
public sealed class SimulatorBadRequestTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("/chat/completions", """{"model":"chat"}""", "messages")]
    [InlineData("/chat/completions", """{"model":"chat","messages":[]}""", "messages")]
    [InlineData("/chat/completions", """{"model":"chat","messages":"hi"}""", "messages")]
    [InlineData("/chat/completions", """{"model":"chat","messages":[{"role":"robot","content":"x"}]}""", "messages[0]")]
    [InlineData("/chat/completions", """{"model":"chat","messages":[{"role":"user","content":7}]}""", "messages[0]")]
    [InlineData("/chat/completions", """{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("/chat/completions", """{"model":"embed","messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("/chat/completions", """{"model":"chat","n":0,"messages":[{"role":"user","content":"x"}]}""", "n")]
    [InlineData("/chat/completions", """{"model":"chat","max_tokens":"9","messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("/chat/completions", """{"model":"chat","stream":"yes","messages":[{"role":"user","content":"x"}]}""", "stream")]
    [InlineData("/chat/completions", """{"model":"chat","stop":[1],"messages":[{"role":"user","content":"x"}]}""", "stop")]
    [InlineData("/chat/completions", """{"model":"chat","tool_choice":"required","messages":[{"role":"user","content":"x"}]}""", "tool_choice")]
    [InlineData("/responses", """{"model":"chat"}""", "input")]
    [InlineData("/responses", """{"model":"chat","input":"x","max_output_tokens":1}""", "max_output_tokens")]
    [InlineData("/completions", """{"model":"chat"}""", "prompt")]
    [InlineData("/embeddings", """{"model":"embed"}""", "input")]
    [InlineData("/embeddings", """{"model":"embed","input":[]}""", "input")]
    [InlineData("/embeddings", """{"model":"embed","input":"x","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("/embeddings", """{"model":"chat","input":"x"}""", "model")]
    public async Task Post_BadMember_Is400NamingIt(string path, string body, string parameter)
    {
        using var response = await simulator.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = SimulatorFixture.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"model":"\uZZZZ"}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"\u12"}]}""")]
    [InlineData("""{"mode\ud800l":"chat"}""")]
    public async Task Post_BrokenJson_Is400(string body)
    {
        using var response = await simulator.PostAsync("/chat/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request_error", SimulatorFixture.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Complete_UnknownModel_Is404ListingTheModels()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => simulator.OpenAi.GetChatClient("gpt-9").CompleteChatAsync(new UserChatMessage("hi")));

        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message);
        Assert.Contains("fault-429", error.Message);
    }

    [Fact]
    public async Task Get_UnknownPath_Is404()
    {
        using var response = await simulator.Http.GetAsync(simulator.BaseUri + "/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
