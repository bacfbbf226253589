using System.Text.Json;
using Gateway.Budgets;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Budgets;

/// <summary>Limits through the whole gateway.</summary>
public sealed class BudgetStageTests
{
    [Fact]
    public async Task Budget_TooLittleLeft_RefusesForGoodAndCallsNobody()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        gateway.Host.SetLimits(LimitedKey.Budget(1_000_000));

        using var response = await gateway.ChatAsync(LimitedGateway.Ask());

        Assert.Equal(402, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Retry-After"));
        Assert.Equal("0.001", response.Headers.GetValues("x-gateway-budget-remaining-usd").Single());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal("budget_exhausted", error.GetProperty("code").GetString());
        Assert.Equal("insufficient_quota", error.GetProperty("type").GetString());
        Assert.Contains("'monthly' of the key 'test' has 0.001 USD of 0.001 USD left", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("It begins anew at ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(gateway.Upstream.Exchanges);
        Assert.Equal(1_000_000, gateway.Host.Remaining(LimitedKey.Budget(1_000_000)));
    }

    [Fact]
    public async Task Budget_FitsOnlyWhenCounted_IsServed()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        // By size the input alone is more than a thousand tokens; counted it is some twenty.
        var limit = LimitedKey.Budget(1_100_000);
        gateway.Host.SetLimits(limit);

        using var response = await gateway.ChatAsync(LimitedGateway.Ask());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("0.00089", response.Headers.GetValues("x-gateway-budget-remaining-usd").Single());
        Assert.False(response.Headers.Contains("x-gateway-clamped"));
        Assert.Equal(limit.Amount - LimitedGateway.ReplyCost, gateway.Host.Remaining(limit));
    }

    [Theory]
    [InlineData("up/m", false, 100)]
    [InlineData("up/m", true, 100)]
    [InlineData("up/m", false, null)]
    [InlineData("an/c", false, 100)]
    [InlineData("an/c", false, null)]
    public async Task Budget_Clamps_AsksForWhatIsLeft(string model, bool stream, int? maxTokens)
    {
        await using var gateway = await LimitedGateway.StartAsync(
            stream ? LimitedGateway.ChatStream : Script.Json(model == "up/m" ? LimitedGateway.ChatReply : LimitedGateway.MessagesReply));
        var limit = LimitedKey.Budget(500_000, whenExceeded: ExceededPolicy.Clamp);
        gateway.Host.SetLimits(limit);

        using var response = await gateway.ChatAsync(LimitedGateway.Ask(model, maxTokens, stream));
        await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        var clamped = int.Parse(response.Headers.GetValues("x-gateway-clamped").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(clamped, 30, 49);
        using var sent = JsonDocument.Parse(gateway.Upstream.Exchanges.Single().Body);
        var said = sent.RootElement.TryGetProperty("max_tokens", out var old) ? old : sent.RootElement.GetProperty("max_completion_tokens");
        Assert.Equal(clamped, said.GetInt32());
        Assert.Equal(limit.Amount - LimitedGateway.ReplyCost, await SettledAsync(gateway.Host, limit));
    }

    [Fact]
    public async Task Budget_OfTokens_IsReservedAndSettledInTokens()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        var limit = LimitedKey.Budget(150, LimitUnit.Tokens);
        gateway.Host.SetLimits(limit);

        Assert.Equal(402, (int)(await gateway.ChatAsync(LimitedGateway.Ask(maxTokens: null))).StatusCode); // the model's own maximum
        Assert.Equal(200, (int)(await gateway.ChatAsync(LimitedGateway.Ask())).StatusCode);
        Assert.Equal(120, gateway.Host.Remaining(limit));
        Assert.Equal(402, (int)(await gateway.ChatAsync(LimitedGateway.Ask())).StatusCode);
    }

    [Fact]
    public async Task Budget_OfOtherModels_LetsPass()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        gateway.Host.SetLimits(LimitedKey.Budget(0) with { Models = ["an/*"] });

        Assert.Equal(200, (int)(await gateway.ChatAsync(LimitedGateway.Ask())).StatusCode);
        Assert.Equal(402, (int)(await gateway.ChatAsync(LimitedGateway.Ask("an/c"))).StatusCode);
    }

    [Fact]
    public async Task Rate_Reached_Is429WithHeadersOfTheGatewayAlone()
    {
        await using var gateway = await LimitedGateway.StartAsync(
            Script.Json(LimitedGateway.ChatReply).Header("x-ratelimit-limit-requests", "9999").Header("x-ratelimit-remaining-tokens", "7").Header("anthropic-ratelimit-requests-limit", "3"));
        gateway.Host.SetLimits(LimitedKey.Rate(2), LimitedKey.Rate(10_000, LimitUnit.Tokens));

        using var first = await gateway.ChatAsync(LimitedGateway.Ask());
        using var second = await gateway.ChatAsync(LimitedGateway.Ask());
        using var third = await gateway.ChatAsync(LimitedGateway.Ask());

        Assert.Equal([200, 200, 429], [(int)first.StatusCode, (int)second.StatusCode, (int)third.StatusCode]);
        Assert.Equal("2", Header(first, "x-ratelimit-limit-requests"));
        Assert.Equal("1", Header(first, "x-ratelimit-remaining-requests"));
        Assert.Matches("^([0-9]+m)?[0-9.]+(s|ms)$", Header(first, "x-ratelimit-reset-requests"));
        Assert.Equal("10000", Header(first, "x-ratelimit-limit-tokens"));
        Assert.Equal("9970", Header(first, "x-ratelimit-remaining-tokens"));
        Assert.False(first.Headers.Contains("anthropic-ratelimit-requests-limit"));
        Assert.Equal("0", Header(third, "x-ratelimit-remaining-requests"));
        Assert.True(third.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Contains("\"rate_limited\"", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_OnAnthropicsWire_IsSaidInItsHeadersToo()
    {
        await using var gateway = await LimitedGateway.StartAsync(Script.Json(LimitedGateway.MessagesReply));
        gateway.Host.SetLimits(LimitedKey.Rate(5), LimitedKey.Rate(10_000, LimitUnit.Tokens));

        using var response = await gateway.Host.PostAsync("/v1/messages", """{"model":"an/c","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("5", Header(response, "anthropic-ratelimit-requests-limit"));
        Assert.Equal("4", Header(response, "anthropic-ratelimit-requests-remaining"));
        Assert.Equal("9970", Header(response, "anthropic-ratelimit-tokens-remaining"));
        Assert.True(DateTimeOffset.TryParse(Header(response, "anthropic-ratelimit-requests-reset"), out _));
    }

    [Fact]
    public async Task Held_AsManyAsAllowed_RefusesTheNextUntilOneEnds()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await LimitedGateway.StartAsync(Script.Reply(200, "application/json").Wait(release.Task).Write(LimitedGateway.ChatReply));
        var limit = LimitedKey.Held(1);
        gateway.Host.SetLimits(limit, LimitedKey.Held(1_000, LimitUnit.Bytes));

        var first = gateway.ChatAsync(LimitedGateway.Ask());
        await gateway.Upstream.WaitForRequestAsync();
        Assert.Equal(429, (int)(await gateway.ChatAsync(LimitedGateway.Ask())).StatusCode);
        release.SetResult();
        Assert.Equal(200, (int)(await first).StatusCode);
        Assert.Equal(1, await SettledAsync(gateway.Host, limit));
        Assert.Equal(200, (int)(await gateway.ChatAsync(LimitedGateway.Ask())).StatusCode);
        Assert.Equal(429, (int)(await gateway.ChatAsync(LimitedGateway.Ask(content: new string('x', 1_000)))).StatusCode);
    }

    [Fact]
    public async Task Reply_OfAKeyWithoutLimits_HasNoneOfTheHeaders()
    {
        await using var gateway = await LimitedGateway.StartAsync();

        using var response = await gateway.ChatAsync(LimitedGateway.Ask());

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase) || header.Key.Contains("budget", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Batch_WithALimitOfMoney_IsRefusedWithTheReason()
    {
        await using var gateway = await LimitedGateway.StartAsync();
        gateway.Host.SetLimits(LimitedKey.Budget(1_000_000_000));

        using var response = await gateway.Host.PostAsync("/v1/batches", """{"input_file_id":"file-gw_x","endpoint":"/v1/chat/completions","completion_window":"24h"}""");

        Assert.Equal(400, (int)response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"unsupported_operation\"", body, StringComparison.Ordinal);
        Assert.Contains("'monthly' could not be kept", body, StringComparison.Ordinal);
    }

    /// <summary>What remains once every request is settled: the last byte may be with the client a moment before.</summary>
    internal static async Task<long> SettledAsync(GatewayHost gateway, LimitSpec limit)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (gateway.Get<Gateway.Admission.OverloadStage>().Requests > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return gateway.Remaining(limit);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
