using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Dialects.OpenAiChat;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Catalogue;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Tests.Configuration;
using Gateway.Transport;

namespace Gateway.Tests.Pipeline;

public class TokenCountStageTests
{
    private static readonly TokenEstimator Estimator = new();

    [Theory]
    [InlineData(nameof(Operation.Messages), "input_tokens", """{"model":"m","system":"Be kind.","messages":[{"role":"user","content":"How many tokens is this?"}]}""")]
    [InlineData(nameof(Operation.GenerateContent), "totalTokens", """{"contents":[{"parts":[{"text":"How many tokens is this?"}]}]}""")]
    public async Task Run_RequestOfAWire_AnswersInItsWordsAndSaysThatItIsAnEstimate(string operation, string member, string body)
    {
        using var client = new MemoryExchange();
        var snapshot = new GatewaySnapshot
        {
            Epoch = 1,
            Providers = FrozenDictionary<string, ProviderSnapshot>.Empty,
            Models = new ModelDirectory([], [], new TargetFactory(FakeCatalogue.Instance, new Dictionary<string, ModelCard>(), new TargetStates(TimeProvider.System)), UnknownPricePolicy.Ceiling),
            Limits = new LimitsSnapshot(),
        };
        using var context = new GatewayContext(client, snapshot, Enum.Parse<Operation>(operation), new OpenAiChatDialect(), "r1", TimeProvider.System) { Body = new PooledBuffer(256) };
        context.Body!.Append(Encoding.UTF8.GetBytes(body));

        await new TokenCountStage(Estimator).RunAsync(context, static _ => ValueTask.CompletedTask);

        using var answer = JsonDocument.Parse(context.Answer!.WrittenMemory);
        Assert.Equal(Estimator.EstimateInput(Encoding.UTF8.GetBytes(body)), answer.RootElement.GetProperty(member).GetInt64());
        Assert.InRange(answer.RootElement.GetProperty(member).GetInt64(), 6, 40);
        Assert.Equal("true", client.ReplyHeaders["x-gateway-estimated"]);
    }
}
