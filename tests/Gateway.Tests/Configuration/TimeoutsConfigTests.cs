using Gateway.Configuration;
using Gateway.Transport;

namespace Gateway.Tests.Configuration;

public class TimeoutsConfigTests
{
    [Fact]
    public void Over_OnlyAShortTotal_ShortensWhatIsNotWritten()
    {
        var policy = new TimeoutsConfig { Total = TimeSpan.FromSeconds(30) }.Over(new TimeoutPolicy());
        Assert.Equal(TimeSpan.FromSeconds(30), policy.FirstToken);
        Assert.Equal(TimeSpan.FromSeconds(30), policy.Idle);
        Assert.Equal(TimeSpan.FromSeconds(10), policy.Connect);
    }

    [Fact]
    public void Over_MoreSpecificLevel_Wins()
    {
        var common = new TimeoutsConfig { Idle = TimeSpan.FromSeconds(7) }.Over(new TimeoutPolicy());
        var route = new TimeoutsConfig { FirstToken = TimeSpan.FromSeconds(3) }.Over(common);
        Assert.Equal(TimeSpan.FromSeconds(7), route.Idle);
        Assert.Equal(TimeSpan.FromSeconds(3), route.FirstToken);
    }
}
