namespace Gateway.Protocol.Parts;

/// <summary>Audio, heard or spoken.</summary>
internal sealed class AudioPart(MediaSource source) : ContentPart
{
    /// <summary>Where it is.</summary>
    public MediaSource Source { get; } = source;

    /// <summary>wav, mp3…, or null.</summary>
    public string? Format { get; init; }

    /// <summary>What was spoken, or null.</summary>
    public string? Transcript { get; init; }

    /// <summary>The provider's id of audio it generated, and when that id expires (Unix seconds), or null.</summary>
    public string? Id { get; init; }

    /// <summary>When <see cref="Id"/> expires, in Unix seconds, or null.</summary>
    public long? ExpiresAt { get; init; }
}
