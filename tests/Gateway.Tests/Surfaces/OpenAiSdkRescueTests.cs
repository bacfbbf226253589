using System.Text;
using Gateway.Tests.Testing;
using OpenAI.Chat;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks Responses as experimental.

namespace Gateway.Tests.Surfaces;

/// <summary>The official OpenAI SDK on routes that resume: it never notices.</summary>
public class OpenAiSdkRescueTests(OpenAiSdkRescueTests.Gateways gateways) : IClassFixture<OpenAiSdkRescueTests.Gateways>
{
    private const string Question = "What holds a bridge up?";

    [Theory]
    [InlineData("cut")]
    [InlineData("stall")]
    [InlineData("malformed")]
    public async Task Chat_StreamBreaks_IsWhole(string model)
    {
        var whole = await Sdk.Chat(gateways.Host, "simulator/chat").CompleteChatAsync(Question);
        var (text, finish) = await Sdk.ReadAsync(Sdk.Chat(gateways.Host, model).CompleteChatStreamingAsync(Question));
        Assert.Equal(whole.Value.Content[0].Text, text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        var entry = (await gateways.Host.LedgerAsync("?limit=1"))[0];
        Assert.Equal(("completed", 2), (entry.GetProperty("outcome").GetString(), entry.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Responses_StreamBreaks_IsWhole()
    {
        var whole = await Sdk.Chat(gateways.Host, "simulator/chat").CompleteChatAsync(Question);
        var text = new StringBuilder();
        var completed = 0;
        await foreach (var update in await Sdk.Responses(gateways.Host).CreateResponseStreamingAsync("cut", Question))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text.Append(delta.Delta);
            if (update is StreamingResponseCompletedUpdate end)
            {
                completed++;
                Assert.Equal(whole.Value.Content[0].Text, end.Response.GetOutputText());
            }
        }

        Assert.Equal((1, whole.Value.Content[0].Text), (completed, text.ToString()));
    }

    public sealed class Gateways : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await GatewayHost.StartWithSimulatorAsync(
            """
            "routes": {
              "cut": { "targets": ["simulator/fault-cut", "simulator/chat"], "rescue": "resume" },
              "malformed": { "targets": ["simulator/fault-malformed", "simulator/chat"], "rescue": "resume" },
              "stall": { "targets": ["simulator/fault-stall", "simulator/chat"], "rescue": "resume", "timeouts": { "idle": 0.4 } } }
            """);

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
