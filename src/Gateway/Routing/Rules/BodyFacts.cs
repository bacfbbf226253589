using Gateway.Protocol;

namespace Gateway.Routing.Rules;

/// <summary>What a request's body says of itself.</summary>
internal readonly record struct BodyFacts
{
    /// <summary>Bytes of its texts, tools included, media not.</summary>
    public int TextBytes { get; init; }

    /// <summary>Images, files and pieces of audio in it.</summary>
    public int Media { get; init; }

    /// <summary>Whether the model may call tools.</summary>
    public bool HasTools { get; init; }

    /// <summary>Whether there are images or videos in it.</summary>
    public bool HasImages { get; init; }

    /// <summary>Whether there are files in it.</summary>
    public bool HasFiles { get; init; }

    /// <summary>Whether there is audio in it.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Whether the answer has to follow a JSON schema.</summary>
    public bool HasSchema { get; init; }

    /// <summary>Where the end user's name stands, quotes included; empty: nowhere.</summary>
    public Range User { get; init; }

    /// <summary>Where the metadata stand, braces included; empty: nowhere.</summary>
    public Range Metadata { get; init; }

    /// <summary>The facts of a request that is uploaded in parts, which are not read.</summary>
    /// <param name="operation">What is asked; null: nothing is uploaded.</param>
    public static BodyFacts OfUpload(Operation? operation) => operation switch
    {
        null => default,
        Operation.ImageEdits => new BodyFacts { HasImages = true, Media = 1 },
        _ => new BodyFacts { HasAudio = true, Media = 1 },
    };
}
