using Gateway.Metering;

namespace Gateway.Dialects.OpenAiRealtime;

/// <summary>What one event of a Realtime server says, as far as metering needs it.</summary>
internal record struct RealtimeEvent(RealtimeEventKind Kind)
{
    /// <summary>The id of the response it belongs to, or null.</summary>
    public string? ResponseId { get; set; }

    /// <summary>The session's model, or null.</summary>
    public string? Model { get; set; }

    /// <summary>Tokens of a response that is done, or null.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>How a response ended: <c>completed</c>, <c>cancelled</c>, <c>incomplete</c> or <c>failed</c>; or null.</summary>
    public string? Status { get; set; }

    /// <summary>Why it is incomplete, such as <c>max_output_tokens</c>; or null.</summary>
    public string? Reason { get; set; }

    /// <summary>The code of the error it failed with, or null.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Length of a piece of output as it stands in the event, in bytes.</summary>
    public int DeltaBytes { get; set; }
}
