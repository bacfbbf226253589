using Gateway.State.Dapr;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.State.Dapr;

public class CallBreakerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryEnter_AfterARest_LetsOneCallThrough()
    {
        var breaker = new CallBreaker(2, TimeSpan.FromSeconds(1), _time);
        breaker.Failed();
        Assert.True(breaker.TryEnter());
        Assert.False(breaker.IsWell);
        breaker.Failed();
        Assert.False(breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(breaker.TryEnter());
        Assert.False(breaker.TryEnter());
        breaker.Left();
        Assert.True(breaker.TryEnter());
        breaker.Failed();
        Assert.False(breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(breaker.TryEnter());
        breaker.Succeeded();
        Assert.True(breaker.TryEnter());
        Assert.True(breaker.IsWell);
        Assert.Equal(3, breaker.Failures);
    }
}
