using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAi;

/// <summary>OpenAI's names of audio formats and the media types they stand for.</summary>
internal static class AudioFormats
{
    /// <summary>The format of audio, from its name or its media type; wav when neither is known.</summary>
    public static string Of(AudioPart audio) => audio.Format ?? audio.Source.MediaType switch
    {
        "audio/mpeg" or "audio/mp3" => "mp3",
        "audio/L16" or "audio/pcm" => "pcm16",
        { } type when type.StartsWith("audio/x-", StringComparison.Ordinal) => type["audio/x-".Length..],
        { } type when type.StartsWith("audio/", StringComparison.Ordinal) => type["audio/".Length..],
        _ => "wav",
    };

    /// <summary>The media type of a format.</summary>
    public static string MediaType(string format) => format switch
    {
        "mp3" => "audio/mpeg",
        "pcm16" => "audio/pcm",
        _ => $"audio/{format}",
    };
}
