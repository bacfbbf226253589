using System.Globalization;
using Gateway.Jobs;

namespace Gateway.Tests.Jobs;

public class CronExpressionTests
{
    [Theory]
    [InlineData("*/15 * * * *", "2026-11-23T03:30:00", "2026-11-23T03:45:00")]
    [InlineData("*/15 * * * *", "2026-11-23T03:44:59", "2026-11-23T03:45:00")]
    [InlineData("5 * * * *", "2026-12-31T23:05:00", "2027-01-01T00:05:00")]
    [InlineData("30 3 * * *", "2026-11-23T03:29:00", "2026-11-23T03:30:00")]
    [InlineData("0 0 1 * *", "2026-11-23T03:29:00", "2026-12-01T00:00:00")]
    [InlineData("0 0 29 2 *", "2026-11-23T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 9-17/4 * * 1-5", "2026-11-20T17:00:00", "2026-11-23T09:00:00")]
    [InlineData("0 0 13 * 5", "2026-11-23T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("0 0 * * 7", "2026-11-23T00:00:00", "2026-11-29T00:00:00")]
    [InlineData("10,20 1 * * *", "2026-11-23T01:10:00", "2026-11-23T01:20:00")]
    public void Next_OfExpression_IsTheFirstTimeAfter(string expression, string after, string next) =>
        Assert.Equal(Time(next), new JobSchedule.Cron(expression).Next(Time(after)));

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("a * * * *")]
    public void Parse_WhatIsNone_Refuses(string expression) => Assert.Throws<FormatException>(() => CronExpression.Parse(expression));

    [Fact]
    public void Next_DayThatNeverComes_Refuses() => Assert.Throws<FormatException>(() => CronExpression.Parse("0 0 30 2 *").Next(Time("2026-01-01T00:00:00")));

    [Fact]
    public void Next_OfInterval_IsTheSameForEveryReplica()
    {
        var schedule = new JobSchedule.Interval(TimeSpan.FromMinutes(7));
        var next = schedule.Next(Time("2026-11-23T03:30:00"));
        Assert.Equal(next, schedule.Next(next.AddTicks(-1)));
        Assert.Equal(next.AddMinutes(7), schedule.Next(next));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
