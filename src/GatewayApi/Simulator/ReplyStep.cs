namespace GatewayApi.Simulator;

/// <summary>What a stream's next event is, which says when it is sent.</summary>
internal enum ReplyStep
{
    /// <summary>An announcement before the first token: sent at once.</summary>
    Preamble,

    /// <summary>One token: sent at its pace.</summary>
    Token,

    /// <summary>An event between or after tokens: sent right after the one before.</summary>
    Framing,

    /// <summary>The end marker.</summary>
    Done,
}
