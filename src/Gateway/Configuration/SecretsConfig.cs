namespace Gateway.Configuration;

/// <summary>The <c>secrets</c> section: where <c>secret:NAME</c> is looked up. Nothing of it can change without a restart.</summary>
internal sealed record SecretsConfig
{
    /// <summary>True: a Dapr secret store. False: a file.</summary>
    public bool IsDapr { get; init; }

    /// <summary>Name of the Dapr component.</summary>
    public string Store { get; init; } = "secrets";

    /// <summary>The file; null: <c>secrets.json</c> in the data directory.</summary>
    public string? File { get; init; }

    /// <summary>Between two readings: 1 s to 1 day, default 5 minutes.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(5);
}
