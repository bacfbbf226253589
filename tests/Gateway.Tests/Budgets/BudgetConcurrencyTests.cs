using Gateway.Budgets;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Budgets;

/// <summary>Many requests at once against a budget for a few.</summary>
public sealed class BudgetConcurrencyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_ManyAtOnce_IsNeverExceeded(bool clamps)
    {
        await using var gateway = await LimitedGateway.StartAsync();
        // For twenty replies and a bit; a reply may cost five times what it does.
        var limit = LimitedKey.Budget((20 * LimitedGateway.ReplyCost) + 1_234, whenExceeded: clamps ? ExceededPolicy.Clamp : ExceededPolicy.Refuse);
        gateway.Host.SetLimits(limit);

        var served = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (_, cancellation) =>
        {
            using var response = await gateway.ChatAsync(LimitedGateway.Ask(), cancellation);
            var status = (int)response.StatusCode;
            Assert.True(status is 200 or 402 or 429, $"status {status}");
            if (status == 200)
                Interlocked.Increment(ref served);
        });

        var remaining = await BudgetStageTests.SettledAsync(gateway.Host, limit);
        var entries = await gateway.Host.LedgerAsync("?limit=1000");
        var spent = entries.Sum(entry => entry.GetProperty("cost_nano_usd").GetInt64());
        Assert.Equal(served * LimitedGateway.ReplyCost, spent);
        Assert.InRange(spent, LimitedGateway.ReplyCost, limit.Amount);
        Assert.Equal(limit.Amount - spent, remaining);
        Assert.Equal(served, gateway.Upstream.Exchanges.Count);
    }
}
