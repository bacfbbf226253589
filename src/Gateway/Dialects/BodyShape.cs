namespace Gateway.Dialects;

/// <summary>How the bodies of a wire differ from "a model, and a stream when asked for".</summary>
[Flags]
internal enum BodyShape
{
    /// <summary>They don't.</summary>
    Usual = 0,

    /// <summary>The model stands in the path, not in the body.</summary>
    ModelInPath = 1,

    /// <summary>A stream is sent unless <c>stream</c> is false.</summary>
    StreamsByDefault = 2,

    /// <summary>There is no stream, and <c>stream</c> is refused where it is true.</summary>
    NeverStreams = 4,

    /// <summary><c>max_tokens</c> limits the output.</summary>
    MaxTokens = 8,

    /// <summary><c>options.num_predict</c> limits the output.</summary>
    NumPredict = 16,
}
