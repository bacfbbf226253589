using System.Text.Json;

namespace Gateway.Tests.Simulator;

/// <summary>Legacy completions on the wire; the SDK no longer speaks them.</summary>
public sealed class SimulatorCompletionsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Path = "/completions";

    [Fact]
    public async Task Complete_Prompt_GivesTextAndUsage()
    {
        var reply = await simulator.PostJsonAsync(Path, """{"model":"echo","prompt":"one two"}""");

        Assert.StartsWith("cmpl-", reply.GetProperty("id").GetString());
        Assert.Equal("text_completion", reply.GetProperty("object").GetString());
        var choice = reply.GetProperty("choices")[0];
        Assert.Equal("one two", choice.GetProperty("text").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        Assert.Equal(4, reply.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Complete_SeveralPromptsAndChoices_AreNumberedThrough()
    {
        var reply = await simulator.PostJsonAsync(Path, """{"model":"echo","prompt":["a","b"],"n":2}""");

        var texts = reply.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32() + choice.GetProperty("text").GetString()!);
        Assert.Equal(["0a", "1a", "2b", "3b"], texts);
    }

    [Fact]
    public async Task Complete_EchoLimitAndTokens_AreHonoured()
    {
        var echo = await simulator.PostJsonAsync(Path, """{"model":"chat","prompt":"Once upon","echo":true}""");
        var limited = await simulator.PostJsonAsync(Path, """{"model":"chat","prompt":[1,2,3],"max_tokens":4}""");

        Assert.StartsWith("Once upon", echo.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal("length", limited.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(3, limited.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(4, limited.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Stream_Prompt_GivesTheSameTextThenUsageAndDone()
    {
        const string Body = """{"model":"chat","prompt":"tides","stream_options":{"include_usage":true}""";
        var whole = await simulator.PostJsonAsync(Path, Body + "}");
        var data = await simulator.PostStreamAsync(Path, Body + ""","stream":true}""");

        Assert.Equal("[DONE]", data[^1]);
        var chunks = data[..^1].ConvertAll(SimulatorFixture.Parse);
        var text = string.Concat(chunks[..^1].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("text").GetString()));
        Assert.Equal(whole.GetProperty("choices")[0].GetProperty("text").GetString(), text);
        Assert.Equal("stop", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(whole.GetProperty("usage").GetRawText(), chunks[^1].GetProperty("usage").GetRawText());
    }
}
