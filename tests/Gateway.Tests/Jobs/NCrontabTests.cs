using Gateway.Jobs;
using Gateway.Jobs.Remote;

namespace Gateway.Tests.Jobs;

public class NCrontabTests
{
    [Theory]
    [InlineData("0 5 * * * *")]
    [InlineData("0 */15 * * * *")]
    [InlineData("0 30 3 * * *")]
    [InlineData("*/30 * * * * *")]
    public void Parse_Written_IsWrittenTheSame(string text) => Assert.Equal(text, NCrontab.Of(NCrontab.Parse(text)));

    [Theory]
    [InlineData(30, "*/30 * * * * *")]
    [InlineData(60, "0 */1 * * * *")]
    [InlineData(300, "0 */5 * * * *")]
    [InlineData(3_600, "0 0 * * * *")]
    public void Of_Interval_FiresAtTheSameTimes(int seconds, string text)
    {
        var schedule = new JobSchedule.Interval(TimeSpan.FromSeconds(seconds));
        Assert.Equal(text, NCrontab.Of(schedule));
        var at = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        for (var i = 0; i < 50; i++, at = schedule.Next(at))
            Assert.Equal(schedule.Next(at), NCrontab.Parse(text).Next(at));
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("15 * * * * *")]
    [InlineData("*/7 * * * * *")]
    [InlineData("*/30 5 * * * *")]
    [InlineData("0 61 * * * *")]
    public void Parse_NoScheduleOfAJob_SaysSo(string text) => Assert.Throws<FormatException>(() => NCrontab.Parse(text));

    [Theory]
    [InlineData(45)]
    [InlineData(90)]
    [InlineData(420)]
    [InlineData(7_200)]
    public void Of_IntervalThatDividesNothing_IsNotSaid(int seconds) => Assert.Null(NCrontab.Of(new JobSchedule.Interval(TimeSpan.FromSeconds(seconds))));
}
