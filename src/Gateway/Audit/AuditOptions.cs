namespace Gateway.Audit;

/// <summary>How the audit log runs. The defaults are for production.</summary>
internal sealed record AuditOptions
{
    /// <summary>How often counted refusals are recorded, and whether an anchor is due is looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most classes of refusals (actor, code, subject) counted apart in an interval; what exceeds them is counted by code alone.</summary>
    public int MostDenied { get; init; } = 256;

    /// <summary>An anchor is published after at most this many records…</summary>
    public int AnchorRecords { get; init; } = 100;

    /// <summary>…and after at most this long, when there is a new record at all.</summary>
    public TimeSpan AnchorInterval { get; init; } = TimeSpan.FromMinutes(10);
}
