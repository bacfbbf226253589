namespace Gateway.Jobs;

/// <summary>When a job runs. Times are UTC.</summary>
internal abstract record JobSchedule
{
    private JobSchedule()
    {
    }

    /// <summary>The first time after a moment.</summary>
    public abstract DateTimeOffset Next(DateTimeOffset after);

    /// <summary>At regular intervals, counted from 1970 so that every replica finds the same times.</summary>
    /// <param name="Span">&gt; 0.</param>
    internal sealed record Interval(TimeSpan Span) : JobSchedule
    {
        /// <inheritdoc/>
        public override DateTimeOffset Next(DateTimeOffset after)
        {
            var since = after.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
            return DateTimeOffset.UnixEpoch.AddTicks(((since / Span.Ticks) + 1) * Span.Ticks);
        }
    }

    /// <summary>By the calendar.</summary>
    /// <param name="Expression">Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday).</param>
    internal sealed record Cron(string Expression) : JobSchedule
    {
        private readonly CronExpression _fields = CronExpression.Parse(Expression);

        /// <inheritdoc/>
        public override DateTimeOffset Next(DateTimeOffset after) => _fields.Next(after);
    }
}
