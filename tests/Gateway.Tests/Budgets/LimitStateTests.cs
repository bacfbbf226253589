using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class LimitStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AllowanceBookOptions Options = new() { Replica = "r" };

    [Fact]
    public void At_GoneMeanwhile_IsOfWhatTookItsPlace()
    {
        var limit = Limits.Budget(100);
        var next = new LimitState(limit, Options, _ => throw new InvalidOperationException("It is here."));
        var found = new LimitState(limit, Options, _ => next);
        var removed = 0;
        found.Sweep(() => removed++);

        var allowance = found.At(limit, Noon);

        Assert.Equal(1, removed);
        Assert.Empty(found.All);
        Assert.Same(allowance, Assert.Single(next.All));
    }

    [Fact]
    public void Sweep_SomethingIsLeft_Stays()
    {
        var limit = Limits.Budget(100);
        var state = new LimitState(limit, Options, _ => throw new InvalidOperationException("It is here."));
        var allowance = state.At(limit, Noon);

        state.Sweep(() => Assert.Fail("It is in use."));

        Assert.Same(allowance, state.At(limit, Noon));
    }
}
