namespace Gateway.Budgets;

/// <summary>Units of windows.</summary>
internal enum WindowUnit
{
    /// <summary>Seconds.</summary>
    Second,

    /// <summary>Minutes.</summary>
    Minute,

    /// <summary>Hours.</summary>
    Hour,

    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks, which begin on Monday.</summary>
    Week,

    /// <summary>Months.</summary>
    Month,
}
