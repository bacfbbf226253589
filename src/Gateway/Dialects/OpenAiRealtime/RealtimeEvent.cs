using Gateway.Metering;

namespace Gateway.Dialects.OpenAiRealtime;

/// <summary>What one event of a Realtime server says, as far as metering needs it.</summary>
internal record struct RealtimeEvent(RealtimeEventKind Kind)
{
    /// <summary>The id of the response it belongs to, or null.</summary>
    public string? ResponseId { get; set; }

    /// <summary>The session's model, or null.</summary>
    public string? Model { get; set; }

    /// <summary>The model that writes down what the client says, or null.</summary>
    public string? TranscriptionModel { get; set; }

    /// <summary>The item that was written down, or null.</summary>
    public string? ItemId { get; set; }

    /// <summary>Seconds of speech that were written down, where the provider counts those; or null.</summary>
    public double? Seconds { get; set; }

    /// <summary>Tokens of a response that is done, or of a transcription; or null.</summary>
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
