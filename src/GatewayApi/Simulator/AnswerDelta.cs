namespace GatewayApi.Simulator;

/// <summary>A step of an answer as it is streamed.</summary>
/// <param name="Kind">What it adds to.</param>
/// <param name="Text">The token; empty when a call starts.</param>
/// <param name="Call">Which call, from 0; meaningless for text.</param>
internal readonly record struct AnswerDelta(AnswerDeltaKind Kind, string Text, int Call);
