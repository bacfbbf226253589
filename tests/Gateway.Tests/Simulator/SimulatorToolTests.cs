using System.Text;
using System.Text.Json;
using OpenAI.Chat;

namespace Gateway.Tests.Simulator;

/// <summary>Tool calls through the official SDK.</summary>
public sealed class SimulatorToolTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather now", BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city","unit"],"additionalProperties":false}"""));

    private static readonly ChatTool Clock = ChatTool.CreateFunctionTool("getTime", "Time now", BinaryData.FromString(
        """{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}"""));

    private static readonly ChatTool Ping = ChatTool.CreateFunctionTool("ping");

    [Fact]
    public async Task Complete_ToolsModel_CallsThenUsesTheResult()
    {
        var client = simulator.OpenAi.GetChatClient("tools");
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Paris?")];

        ChatCompletion first = await client.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        var call = Assert.Single(first.ToolCalls);
        Assert.Equal("get_weather", call.FunctionName);
        Assert.StartsWith("call_", call.Id);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal("celsius", arguments.RootElement.GetProperty("unit").GetString());
        Assert.NotEmpty(arguments.RootElement.GetProperty("city").GetString()!);

        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, "21 degrees"));
        ChatCompletion second = await client.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.Stop, second.FinishReason);
        Assert.Contains("21 degrees", second.Content[0].Text);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("echo")]
    [InlineData("tools")]
    public async Task Complete_ToolRequired_AnyModelCalls(string model)
    {
        var options = new ChatCompletionOptions { Tools = { Ping, Clock }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };

        ChatCompletion reply = await simulator.OpenAi.GetChatClient(model).CompleteChatAsync([new UserChatMessage("hello")], options);

        Assert.Equal("{}", Assert.Single(reply.ToolCalls).FunctionArguments.ToString());
    }

    [Fact]
    public async Task Complete_ToolNamed_CallsThatOne()
    {
        var options = new ChatCompletionOptions { Tools = { Weather, Clock }, ToolChoice = ChatToolChoice.CreateFunctionChoice("getTime") };

        ChatCompletion reply = await simulator.OpenAi.GetChatClient("chat").CompleteChatAsync([new UserChatMessage("weather?")], options);

        Assert.Equal("getTime", Assert.Single(reply.ToolCalls).FunctionName);
    }

    [Fact]
    public async Task Complete_ChatModelWithFreeChoice_AnswersInText()
    {
        ChatCompletion reply = await simulator.OpenAi.GetChatClient("chat").CompleteChatAsync([new UserChatMessage("weather?")], new ChatCompletionOptions { Tools = { Weather } });

        Assert.Empty(reply.ToolCalls);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
    }

    [Fact]
    public async Task Complete_ToolsForbidden_AnswersInText()
    {
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateNoneChoice() };

        ChatCompletion reply = await simulator.OpenAi.GetChatClient("tools").CompleteChatAsync([new UserChatMessage("weather?")], options);

        Assert.Empty(reply.ToolCalls);
    }

    [Theory]
    [InlineData("weather and time please", null, new[] { "get_weather", "getTime" })]
    [InlineData("weather and time please", false, new[] { "get_weather" })]
    [InlineData("call two of them", null, new[] { "get_weather", "getTime" })]
    [InlineData("call two of them", false, new[] { "get_weather" })]
    [InlineData("just the time", null, new[] { "getTime" })]
    [InlineData("time in both places", true, new[] { "getTime", "getTime" })]
    public async Task Stream_SeveralTools_CallsInParallelWhereAskedAndAllowed(string prompt, bool? parallel, string[] expected)
    {
        var options = new ChatCompletionOptions { Tools = { Weather, Clock }, AllowParallelToolCalls = parallel };
        var names = new List<string>();
        var ids = new List<string>();
        var arguments = new List<StringBuilder>();
        ChatFinishReason? finish = null;

        await foreach (var update in simulator.OpenAi.GetChatClient("tools").CompleteChatStreamingAsync([new UserChatMessage(prompt)], options))
        {
            finish ??= update.FinishReason;
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionName is { Length: > 0 } name)
                {
                    Assert.Equal(names.Count, call.Index);
                    names.Add(name);
                    ids.Add(call.ToolCallId);
                    arguments.Add(new StringBuilder());
                }

                arguments[call.Index].Append(call.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal(expected, names);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
        Assert.All(arguments, text => Assert.Equal(JsonValueKind.Object, SimulatorFixture.Parse(text.ToString()).ValueKind));
    }

    [Fact]
    public async Task Complete_ToolLimit_CutsTheArguments()
    {
        var reply = await simulator.PostJsonAsync("/chat/completions", """
            {"model":"tools","max_tokens":2,"messages":[{"role":"user","content":"x"}],
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}]}
            """);

        Assert.Equal("length", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }
}
