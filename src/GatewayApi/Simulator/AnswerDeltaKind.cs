namespace GatewayApi.Simulator;

/// <summary>What a step of an answer adds to.</summary>
internal enum AnswerDeltaKind
{
    /// <summary>Thinking.</summary>
    Reasoning,

    /// <summary>The text.</summary>
    Text,

    /// <summary>A new tool call; no token by itself.</summary>
    CallStart,

    /// <summary>A call's arguments.</summary>
    Arguments,
}
