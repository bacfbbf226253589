namespace Gateway.Tests.Compatibility;

/// <summary>What a cell of the matrix tries.</summary>
public enum Feature
{
    /// <summary>A whole reply of text, with usage.</summary>
    Chat,

    /// <summary>The same as a stream.</summary>
    Stream,

    /// <summary>One tool call, streamed.</summary>
    Tools,

    /// <summary>Two earlier calls with their results go in, two parallel calls come out, streamed.</summary>
    ParallelTools,

    /// <summary>An answer held to a JSON schema.</summary>
    Structured,

    /// <summary>An image as data.</summary>
    Image,

    /// <summary>Reasoning, streamed.</summary>
    Thinking,

    /// <summary>The provider limits the rate, in its own shape and words.</summary>
    Error,

    /// <summary>The client leaves after the first content.</summary>
    Abort,
}
