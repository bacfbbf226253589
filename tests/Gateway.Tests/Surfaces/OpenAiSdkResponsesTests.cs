using System.Text;
using Gateway.Tests.Testing;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks Responses as experimental.

namespace Gateway.Tests.Surfaces;

/// <summary>Responses through the official SDK and the gateway.</summary>
public sealed class OpenAiSdkResponsesTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    [Fact]
    public async Task Create_Text_IsACompletedMessage()
    {
        ResponseResult reply = await Sdk.Responses(gateway.Host).CreateResponseAsync("simulator/echo", "good day");

        Assert.Equal("good day", reply.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, reply.Status);
        var entry = (await gateway.Host.LedgerAsync("?limit=1"))[0];
        Assert.Equal("responses", entry.GetProperty("operation").GetString());
        Assert.Equal(reply.Usage.OutputTokenCount, entry.GetProperty("output_tokens").GetInt64());
        Assert.Equal(reply.Id, entry.GetProperty("response_id").GetString());
    }

    [Theory]
    [InlineData("simulator/chat")]
    [InlineData("simulator/reasoner")]
    public async Task Stream_Text_IsTheWholeSequence(string model)
    {
        var text = new StringBuilder();
        ResponseResult? last = null;
        var sequence = 0;

        await foreach (var update in await Sdk.Responses(gateway.Host).CreateResponseStreamingAsync(model, "tides"))
        {
            Assert.Equal(sequence++, update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text.Append(delta.Delta);
            if (update is StreamingResponseCompletedUpdate completed)
                last = completed.Response;
        }

        Assert.Equal(last!.GetOutputText(), text.ToString());
        var entry = (await gateway.Host.LedgerAsync("?limit=1"))[0];
        Assert.Equal(last.Usage.OutputTokenCount, entry.GetProperty("output_tokens").GetInt64());
        Assert.Equal(last.Usage.OutputTokenDetails.ReasoningTokenCount, entry.GetProperty("reasoning_tokens").GetInt64());
        Assert.False(entry.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Create_Tools_CallsThenUsesTheResult()
    {
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""), strictModeEnabled: false);
        var options = new CreateResponseOptions("simulator/tools", [ResponseItem.CreateUserMessageItem("weather?")]) { Tools = { tool } };
        var client = Sdk.Responses(gateway.Host);

        ResponseResult first = await client.CreateResponseAsync(options);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(first.OutputItems));
        options.InputItems.Add(call);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "rain"));
        ResponseResult second = await client.CreateResponseAsync(options);

        Assert.Contains("rain", second.GetOutputText());
    }

    [Fact]
    public async Task Stream_GoldenWithObfuscation_PassesByteForByte()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Stream().Write(OpenAiStreams.Responses()));
        await using var scripted = await GatewayHost.StartAsync(upstream);

        var reply = await RawReply.PostAsync(scripted, "/v1/responses", """{"model":"up/m","input":"x","stream":true}""");

        Assert.Equal(Encoding.UTF8.GetString(OpenAiStreams.Responses()), reply.Text);
        Assert.True(reply.IsProperEnd);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("failed")]
    [InlineData("malformed")]
    public async Task Stream_BrokenInTheMiddle_Throws(string how)
    {
        const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"r1","object":"response","model":"m","status":"in_progress","output":[]}}""";
        const string Delta = """{"type":"response.output_text.delta","sequence_number":1,"item_id":"i","output_index":0,"content_index":0,"delta":"half","logprobs":[]}""";
        var script = Script.Sse(Created, Delta);
        script = how switch
        {
            "cut" => script.ThenClose(),
            "failed" => script.Event("""{"type":"response.failed","sequence_number":2,"response":{"id":"r1","object":"response","model":"m","status":"failed","error":{"code":"server_error","message":"x"},"output":[]}}"""),
            _ => script.Event("""{"type":"resp"""),
        };
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var scripted = await GatewayHost.StartAsync(upstream);
        var text = "";
        var completed = false;

        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in await Sdk.Responses(scripted).CreateResponseStreamingAsync("up/m", "x"))
            {
                text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
                completed |= update is StreamingResponseCompletedUpdate;
            }
        });

        Assert.IsNotType<OperationCanceledException>(error);
        Assert.Equal("half", text);
        Assert.False(completed);
        Assert.Equal("interrupted", (await scripted.LedgerAsync())[0].GetProperty("outcome").GetString());
    }
}
