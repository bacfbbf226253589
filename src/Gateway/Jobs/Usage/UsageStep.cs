namespace Gateway.Jobs.Usage;

/// <summary>The length of the spans that usage is summed up over, in UTC.</summary>
internal enum UsageStep
{
    /// <summary>Hours.</summary>
    Hour,

    /// <summary>Days.</summary>
    Day,

    /// <summary>Months.</summary>
    Month,
}
