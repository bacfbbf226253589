namespace Gateway.Metering;

/// <summary>A response of a Realtime session that is under way.</summary>
internal sealed class OpenResponse
{
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The same as a timestamp.</summary>
    public required long Began { get; init; }

    /// <summary>When its first output came, as a timestamp; 0 when none did.</summary>
    public long FirstContentAt { get; set; }

    /// <summary>Bytes of text seen.</summary>
    public long TextBytes { get; set; }

    /// <summary>Bytes of audio seen, in base64.</summary>
    public long AudioBytes { get; set; }
}
