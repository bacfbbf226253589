using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks Responses as experimental.

namespace Gateway.Tests.Simulator;

/// <summary>Responses through the official SDK and on the wire.</summary>
public sealed class SimulatorResponsesTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Path = "/responses";

    private ResponsesClient Client() => new(
        new ApiKeyCredential("any"),
        new ResponsesClientOptions { Endpoint = simulator.BaseUri, RetryPolicy = new ClientRetryPolicy(0) });

    [Fact]
    public async Task Create_Text_IsACompletedMessage()
    {
        ResponseResult reply = await Client().CreateResponseAsync("echo", "good day");

        Assert.Equal("good day", reply.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, reply.Status);
        Assert.StartsWith("resp_", reply.Id);
        Assert.Equal(2, reply.Usage.OutputTokenCount);
        Assert.Equal(reply.Usage.TotalTokenCount, reply.Usage.InputTokenCount + 2);
    }

    [Fact]
    public async Task Create_WithInstructionsAndOptions_RepeatsThem()
    {
        var options = new CreateResponseOptions("chat", [ResponseItem.CreateUserMessageItem("hi")])
        {
            Instructions = "be brief",
            Temperature = 0.5f,
            Metadata = { ["team"] = "blue" },
        };

        ResponseResult reply = await Client().CreateResponseAsync(options);

        Assert.Equal(0.5f, reply.Temperature);
        Assert.Equal("blue", reply.Metadata["team"]);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("reasoner")]
    public async Task Stream_Text_IsTheWholeSequence(string model)
    {
        ResponseResult whole = await Client().CreateResponseAsync(model, "tides");
        var text = new StringBuilder();
        ResponseResult? last = null;
        var sequence = 0;

        await foreach (var update in await Client().CreateResponseStreamingAsync(model, "tides"))
        {
            Assert.Equal(sequence++, update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text.Append(delta.Delta);
            if (update is StreamingResponseCompletedUpdate completed)
                last = completed.Response;
        }

        Assert.Equal(whole.GetOutputText(), text.ToString());
        Assert.Equal(whole.GetOutputText(), last!.GetOutputText());
        Assert.Equal(whole.Usage.OutputTokenCount, last.Usage.OutputTokenCount);
        Assert.Equal(model == "reasoner", last.OutputItems.OfType<ReasoningResponseItem>().Any());
        Assert.Equal(model == "reasoner", last.Usage.OutputTokenDetails.ReasoningTokenCount > 0);
    }

    [Fact]
    public async Task Stream_Text_NamesEveryEventAndHasNoDone()
    {
        using var response = await simulator.PostAsync(Path, """{"model":"echo","input":"a b","stream":true}""");
        var text = await response.Content.ReadAsStringAsync();

        var names = text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..]).ToList();
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            names);
        Assert.Equal(names, SimulatorFixture.Data(text).Select(data => SimulatorFixture.Parse(data).GetProperty("type").GetString()!));
        Assert.DoesNotContain("[DONE]", text);
    }

    [Fact]
    public async Task Create_Tools_CallsThenUsesTheResult()
    {
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""), strictModeEnabled: false);
        var options = new CreateResponseOptions("tools", [ResponseItem.CreateUserMessageItem("weather?")]) { Tools = { tool } };

        ResponseResult first = await Client().CreateResponseAsync(options);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(first.OutputItems));
        Assert.NotEmpty(SimulatorFixture.Parse(call.FunctionArguments.ToString()).GetProperty("city").GetString()!);

        options.InputItems.Add(call);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "rain"));
        ResponseResult second = await Client().CreateResponseAsync(options);

        Assert.Contains("rain", second.GetOutputText());
    }

    [Fact]
    public async Task Stream_ParallelTools_AreOneItemEach()
    {
        const string Tools = """[{"type":"function","name":"alpha","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}},{"type":"function","name":"beta"}]""";
        var data = await simulator.PostStreamAsync(Path, $$"""{"model":"tools","input":"alpha and beta","stream":true,"tools":{{Tools}}}""");

        var events = data.ConvertAll(SimulatorFixture.Parse);
        var done = events.Where(e => e.GetProperty("type").GetString() == "response.output_item.done").ToList();
        Assert.Equal([0, 1], done.Select(e => e.GetProperty("output_index").GetInt32()));
        Assert.Equal(["alpha", "beta"], done.Select(e => e.GetProperty("item").GetProperty("name").GetString()!));
        foreach (var item in done.Select(e => e.GetProperty("item")))
        {
            var deltas = events.Where(e => e.GetProperty("type").GetString() == "response.function_call_arguments.delta"
                && e.GetProperty("item_id").GetString() == item.GetProperty("id").GetString()).Select(e => e.GetProperty("delta").GetString());
            Assert.Equal(item.GetProperty("arguments").GetString(), string.Concat(deltas));
        }

        Assert.Equal(2, events[^1].GetProperty("response").GetProperty("output").GetArrayLength());
    }

    [Fact]
    public async Task Create_Schema_IsValidJson()
    {
        var reply = await simulator.PostJsonAsync(Path, """
            {"model":"chat","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"age":{"type":"integer","minimum":18}},"required":["age"]}}}}
            """);

        var text = reply.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.True(SimulatorFixture.Parse(text).GetProperty("age").GetInt32() >= 18);
        Assert.Equal("n", reply.GetProperty("text").GetProperty("format").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Stream_TokenLimit_IsIncomplete()
    {
        var data = await simulator.PostStreamAsync(Path, """{"model":"chat","input":"x","stream":true,"max_output_tokens":16}""");

        var last = SimulatorFixture.Parse(data[^1]);
        Assert.Equal("response.incomplete", last.GetProperty("type").GetString());
        Assert.Equal("max_output_tokens", last.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal(16, last.GetProperty("response").GetProperty("usage").GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Create_ImagesAndLoneSurrogateInstructions_AreAccepted()
    {
        using var response = await simulator.PostAsync(Path, """
            {"model":"chat","instructions":"\ud800","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"data:,"}]}]}
            """);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("I see 1 image.", text);
        Assert.Contains("\\ud800", text);
    }
}
