using System.ClientModel;
using Anthropic.Exceptions;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Budgets;

/// <summary>Official clients with their usual retries: what is used up for good is asked for once.</summary>
public sealed class QuotaSdkTests
{
    [Fact]
    public async Task OpenAi_BudgetExhausted_IsNotTriedAgain()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        gateway.Host.SetLimits(LimitedKey.Budget(0));
        using var counter = new CountingHandler();
        using var http = new HttpClient(counter);

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Sdk.Client(gateway.Host, retries: 3, http: http).GetChatClient("up/m").CompleteChatAsync([new UserChatMessage("x")]));

        Assert.Equal((402, "budget_exhausted", "insufficient_quota", null), Sdk.ErrorOf(error));
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public async Task Anthropic_BudgetExhausted_IsNotTriedAgain()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        gateway.Host.SetLimits(LimitedKey.Budget(0));
        using var counter = new CountingHandler();
        using var http = new HttpClient(counter);
        var client = new Anthropic.AnthropicClient { BaseUrl = new Uri(gateway.Host.BaseUri, "anthropic").ToString(), ApiKey = GatewayHost.Key, MaxRetries = 3, HttpClient = http };

        var error = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => client.Messages.Create(AnthropicSdk.Ask("an/c")));

        Assert.Contains("billing_error", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, counter.Count);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        private int _count;

        public CountingHandler()
            : base(new SocketsHttpHandler())
        {
        }

        public int Count => _count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
